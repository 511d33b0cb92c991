use super::*;

const GROUP: &str = "\u{200E}[11/10/2024, 18:02:10] Autumn: in Berlin: \u{200E}Messages and calls are end-to-end encrypted.\r\n\
    \u{200E}[11/10/2024, 18:02:10] Autumn: in Berlin: \u{200E}Nora created this group\r\n\
    [11/10/2024, 18:03:31] Nora: Tickets!\r\nTwo of them.\r\n\r\n\
    [11/10/2024, 18:04:02] Theo: Yes: two\r\n";

fn read(text: &str, title: &str) -> Parsed {
    let (names, words) = (FileNames::default(), Wording::new());
    let title = title.to_owned();
    parse(text, &Context { names: &names, words: &words, items: &[], title, order: None })
}

#[test]
fn a_group_on_ios_signs_its_own_lines_and_names_the_chat() {
    let chat = read(&GROUP.replace("Autumn: in", "Autumn in"), "").chat;
    assert_eq!(chat.title, "Autumn in Berlin");
    assert_eq!(chat.participants, ["Nora", "Theo"]);
    let system = chat.messages.iter().filter(|message| message.kind == MessageKind::System);
    assert_eq!(system.count(), 2);
}

#[test]
fn a_name_with_a_colon_is_kept_whole() {
    let chat = read(GROUP, "Autumn in Berlin").chat;
    assert_eq!(chat.participants, ["Nora", "Theo"]);
    assert_eq!(chat.messages[3].text, "Yes: two");
}

#[test]
fn lines_without_a_header_belong_to_the_message_before() {
    let chat = read(GROUP, "").chat;
    assert_eq!(chat.messages.len(), 4);
    assert_eq!(chat.messages[2].text, "Tickets!\nTwo of them.");
}

#[test]
fn a_text_of_no_chat_has_no_messages() {
    assert!(!is_chat("Dear Nora,\nsee you at 18:03.\n"));
    assert!(read("Dear Nora,\nsee you at 18:03.\n", "").chat.messages.is_empty());
}

#[test]
fn only_a_message_that_whatsapp_cannot_have_sent_is_told() {
    let long = |bytes: usize| read(&format!("{GROUP}{}", "a".repeat(bytes)), "").chat.messages;
    assert_eq!(long_message(&long(LONG_BYTES - 100)), None);
    let note = long_message(&long(LONG_BYTES + 100)).unwrap();
    assert!(note.starts_with("message 4 has 0.3 MB"), "{note}");
}
