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
    let told = long_message(&long(LONG_BYTES + 100)).unwrap().to_string();
    assert!(told.starts_with("message 4 has 0.3 MB"), "{told}");
}

/// Sender and text of each message.
fn said(text: &str, title: &str) -> Vec<(String, String)> {
    let messages = read(text, title).chat.messages;
    let pair = |message: Message| (message.sender.unwrap_or_default(), message.text);
    messages.into_iter().map(pair).collect()
}

#[track_caller]
fn check_said(text: &str, title: &str, want: &[(&str, &str)]) {
    let found = said(text, title);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, want, "{text}");
}

#[test]
fn two_unknown_words_are_a_clock_of_twelve_hours() {
    let chat =
        read("5/3/24, 9:29 xa - Ann: a\n5/3/24, 9:29 xo - Bob: b\n25/3/24, 9:31 xo - Ann: c\n", "")
            .chat;
    let hour = |message: &Message| message.time.unwrap() / 3600 % 24;
    assert_eq!(chat.messages.iter().map(hour).collect::<Vec<_>>(), [9, 21, 21]);
    assert_eq!(chat.messages[1].written.as_deref(), Some("5/3/24, 9:29 xo"));
    // One word is a word for "at".
    let chat = read("5/3/24 xa 9:29 - Ann: a\n25/3/24 xa 9:29 - Bob: b\n", "").chat;
    assert_eq!(chat.messages.iter().map(hour).collect::<Vec<_>>(), [9, 9]);
    assert_eq!(chat.messages[0].written, None);
}

#[test]
fn the_stamp_of_another_calendar_is_kept_as_written() {
    let chat = read("[۱۴۰۳/۱/۱۵،\u{200F} ۲۱:۴۱:۳۵] A: a\n[۱۴۰۳/۱/۲۵، ۲۱:۴۱:۳۵] B: b\n", "").chat;
    assert_eq!(chat.messages[0].written.as_deref(), Some("۱۴۰۳/۱/۱۵، ۲۱:۴۱:۳۵"));
    // 2024-04-03 and 2024-04-13 at 21:41:35.
    let times: Vec<_> = chat.messages.iter().map(|message| message.time).collect();
    assert_eq!(times, [Some(1_712_180_495), Some(1_713_044_495)]);
    // A stamp that names no day is shown, too.
    let chat = read("31/02/2024, 10:00 - A: a\n27/03/2024, 10:00 - B: b\n", "").chat;
    let written: Vec<_> = chat.messages.iter().map(|message| message.written.as_deref()).collect();
    assert_eq!(written, [Some("31/02/2024, 10:00"), None]);
}

const PASTED: &str = "[27/03/2024, 21:41:36] Ann: Look what Tom wrote me\n\
    [28/03/2024, 10:00:00] Ann: [25/03/2024, 08:10:11] Tom: I will be late\n\
    [25/03/2024, 08:10:50] Ann: how late?\n\
    [25/03/2024, 08:11:11] Tom: an hour\n";

#[test]
fn a_pasted_talk_stays_in_the_message_that_it_was_pasted_into() {
    let inside = "[25/03/2024, 08:10:11] Tom: I will be late\n\
        [25/03/2024, 08:10:50] Ann: how late?\n[25/03/2024, 08:11:11] Tom: an hour";
    let want = [("Ann", "Look what Tom wrote me"), ("Ann", inside), ("Bob", "typical")];
    let after = "[28/03/2024, 10:00:30] Bob: typical\n";
    check_said(&format!("{PASTED}{after}"), "", &want);
    // Also as the last message of the chat.
    check_said(PASTED, "", &want[..2]);
}

#[test]
fn a_stranger_whose_message_is_older_than_both_neighbours_was_pasted() {
    check_said(
        "27/03/2024, 21:41 - Ann: Look\n28/03/2024, 10:01 - Bob: Copied:\n\
         25/03/2024, 08:11 - Zoe: two\n28/03/2024, 10:02 - Ann: ok\n",
        "",
        &[("Ann", "Look"), ("Bob", "Copied:\n25/03/2024, 08:11 - Zoe: two"), ("Ann", "ok")],
    );
    // The message before is later than anything pasted, but the chat was not.
    check_said(
        "20/03/2024, 21:41 - Ann: Look\n28/03/2024, 10:01 - Bob: Copied:\n\
         25/03/2024, 08:11 - Zoe: two\n28/03/2024, 10:02 - Ann: ok\n",
        "",
        &[("Ann", "Look"), ("Bob", "Copied:\n25/03/2024, 08:11 - Zoe: two"), ("Ann", "ok")],
    );
}

#[test]
fn messages_of_days_before_are_pasted_whoever_wrote_them() {
    let found = said(
        "27/03/2024, 21:41 - Ann: a\n28/03/2024, 10:01 - Bob: remember?\n\
         20/03/2024, 08:11 - Ann: yes\n20/03/2024, 08:12 - Bob: no\n28/03/2024, 10:02 - Ann: ok\n",
        "",
    );
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn late_messages_journeys_and_wrong_clocks_paste_nothing() {
    for text in [
        // Late by hours, by somebody of the chat.
        "27/03/2024, 21:41 - Ann: a\n27/03/2024, 21:43 - Bob: b\n\
         27/03/2024, 15:00 - Ann: late\n27/03/2024, 21:44 - Bob: d\n",
        // One message of the future: those after it are not older than the chat.
        "27/03/2024, 21:41 - Ann: a\n31/03/2024, 21:43 - Bob: b\n\
         27/03/2024, 21:44 - Ann: c\n28/03/2024, 9:00 - Bob: d\n01/04/2024, 9:00 - Ann: e\n",
        // Of one moment, in another order on another phone.
        "27/03/2024, 21:41 - Ann: a\n27/03/2024, 21:43 - Bob: b\n\
         27/03/2024, 21:42 - Zoe: c\n27/03/2024, 21:43 - Ann: d\n",
        // A notice is no message that something was pasted into.
        "27/03/2024, 21:41 - Messages are encrypted.\n25/03/2024, 21:43 - Bob: b\n\
         26/03/2024, 21:42 - Ann: c\n28/03/2024, 21:43 - Ann: d\n",
    ] {
        assert_eq!(said(text, "").len(), text.lines().count(), "{text}");
    }
}

#[test]
fn the_first_word_of_a_message_is_no_part_of_a_name() {
    let text = |label: &str| {
        format!(
            "27/03/2024, 21:41 - Ann: hi all\n27/03/2024, 21:43 - Bob: {label}: bring keys\n\
             27/03/2024, 21:44 - Bob: {label}: and money\n28/03/2024, 21:45 - Ann: ok\n"
        )
    };
    for (label, title) in [("Note", "Bob"), ("Note", ""), ("PS", ""), ("Shopping", "Bob")] {
        assert_eq!(read(&text(label), title).chat.participants, ["Ann", "Bob"], "{label}");
    }
    // A line of WhatsApp's names him.
    let joined = format!("27/03/2024, 21:40 - Ann added Bob\n{}", text("Shopping"));
    assert_eq!(read(&joined, "").chat.participants, ["Ann", "Bob"]);
    let joined = format!("27/03/2024, 21:40 - Ann added ACME: Support\n{}", text("x"))
        .replace("Bob: x", "ACME: Support");
    assert_eq!(read(&joined, "").chat.participants, ["Ann", "ACME: Support"]);
    // Two people have the same habit.
    let both = text("Shopping").replace("Ann: ", "Ann: Shopping: ");
    assert_eq!(read(&both, "").chat.participants, ["Ann", "Bob"]);
    // Nothing can be written before a medium.
    let photos = text("Update").replace("bring keys", "<Media omitted>");
    assert_eq!(read(&photos, "").chat.participants, ["Ann", "Bob: Update"]);
}

#[test]
fn a_colon_inside_of_quotes_ends_no_name() {
    check_said(
        "27/03/2024, 21:41 - Ann created group \"Trip: Rome\"\n27/03/2024, 21:41 - Ann: hi\n\
         27/03/2024, 21:42 - Ann changed the group name from \"Trip: Rome\" to \"Trip: Oslo\"\n\
         27/03/2024, 21:42 - Ann changed the group name from \"Trip: Oslo\" to \"Trip: Rome\"\n\
         27/03/2024, 21:43 - Ann hat die Gruppe „Reise: Rom“ erstellt\n\
         28/03/2024, 21:43 - Bob: hm\n",
        "",
        &[
            ("", "Ann created group \"Trip: Rome\""),
            ("Ann", "hi"),
            ("", "Ann changed the group name from \"Trip: Rome\" to \"Trip: Oslo\""),
            ("", "Ann changed the group name from \"Trip: Oslo\" to \"Trip: Rome\""),
            ("", "Ann hat die Gruppe „Reise: Rom“ erstellt"),
            ("Bob", "hm"),
        ],
    );
    // Hebrew words and nicknames have quotes, too; a title has a full stop.
    for name in ["ד\"ר כהן", "Bob \"Bobby\" Smith", "Dr. Smith"] {
        let text = format!("27/03/2024, 21:41 - Ann: hi\n28/03/2024, 21:43 - {name}: hm\n");
        check_said(&text, "", &[("Ann", "hi"), (name, "hm")]);
    }
    // A name that begins with a quote and ends none, of somebody who writes again.
    let name = "\"><b>";
    let text = format!("27/03/2024, 21:41 - {name}: hi\n28/03/2024, 21:43 - {name}: hm\n");
    check_said(&text, "", &[(name, "hi"), (name, "hm")]);
}

#[test]
fn a_line_of_whatsapp_signed_by_somebody_who_writes_is_a_system_line() {
    let line = |name: &str, text: &str| format!("[14.08.2024, 21:00:10] {name}: {text}\n");
    let mark = |text: &str| format!("\u{200E}{text}");
    let chat = [
        line("Trip", &mark("Messages and calls are end-to-end encrypted.")),
        line("Boris", &mark("Boris created group “Trip”")),
        line("Boris", "hi all"),
        line("~\u{202F}Anna", "hello"),
        line("Boris", &mark("Boris changed this group's icon")),
        line("Trip", &mark("You're now an admin")),
        line("Boris", &mark("You added \u{2068}Carl\u{2069}")),
        line("Boris", &mark("Du hast den Gruppennamen zu “Ziel” geändert")),
        line("Boris", &mark("\u{2068}~\u{202F}Anna\u{2069} wurde hinzugefügt")),
        line("~\u{202F}Anna", &mark("Anna left")),
    ]
    .concat();
    let chat = read(&chat, "").chat;
    let spoken: Vec<&str> =
        chat.messages.iter().filter(|m| m.sender.is_some()).map(|m| m.text.as_str()).collect();
    assert_eq!(spoken, ["hi all", "hello"]);
    // A mark that somebody typed or pasted.
    let typed = [
        line("Boris", "hi"),
        line("Anna", "hello"),
        line("Boris", &mark("+49 170 1234567")),
        line("Boris", &mark("hello to all")),
        line("Boris", &mark("thanks @\u{2068}Anna\u{2069}")),
        line("Anna", &mark("is Boris there?")),
    ]
    .concat();
    assert!(read(&typed, "").chat.messages.iter().all(|message| message.sender.is_some()));
}

#[test]
fn a_dash_in_a_name_is_kept() {
    check_said(
        "27/03/2024, 21:41 - Ann - Work: hi\n27/03/2024, 21:42 - Bob: yo - later: maybe\n",
        "",
        &[("Ann - Work", "hi"), ("Bob", "yo - later: maybe")],
    );
}

#[test]
fn words_behind_two_file_names_are_whatsapps_own_in_any_language() {
    let line = |number: u32, words: &str| {
        format!("27/03/2024, 21:41 - Ann: IMG-20240301-WA000{number}.jpg ({words})\n")
    };
    let unknown = [line(1, "zzz qqq"), line(2, "zzz qqq")].concat();
    check_said(&unknown, "", &[("Ann", ""), ("Ann", "")]);
    let own = [line(1, "for grandma"), line(2, "zzz qqq")].concat();
    check_said(&own, "", &[("Ann", "(for grandma)"), ("Ann", "(zzz qqq)")]);
}

#[test]
fn an_edited_mark_in_an_unknown_language_is_learnt() {
    let line = |name: &str, text: &str| format!("27/03/2024, 21:41 - {name}: {text} <zzz qqq>\n");
    let edited =
        |text: &str| read(text, "").chat.messages.iter().filter(|message| message.edited).count();
    let chat = [line("Ann", "a"), line("Bob", "b"), line("Ann", "c")].concat();
    assert_eq!(edited(&chat), 3);
    assert_eq!(read(&chat, "").chat.messages[0].text, "a");
    // One person's habit, or two messages, are none.
    assert_eq!(edited(&chat.replace("Bob", "Ann")), 0);
    assert_eq!(edited(&[line("Ann", "a"), line("Bob", "b")].concat()), 0);
}

#[test]
fn what_somebody_did_with_a_community_is_a_system_line() {
    check_said(
        "27/03/2024, 21:41 - Ann: hi\n\
         27/03/2024, 21:42 - Ann added this group to the community: Neighbours\n\
         27/03/2024, 21:42 - You added this group to the community: Neighbours\n\
         27/03/2024, 21:42 - Zoe removed this group from the community: Neighbours\n\
         28/03/2024, 21:43 - Bob from work: ok\n",
        "",
        &[
            ("Ann", "hi"),
            ("", "Ann added this group to the community: Neighbours"),
            ("", "You added this group to the community: Neighbours"),
            ("", "Zoe removed this group from the community: Neighbours"),
            ("Bob from work", "ok"),
        ],
    );
    // A channel that somebody passes on twice.
    let follow = "Follow the Cat channel on WhatsApp: https://whatsapp.com/channel/1";
    check_said(
        &format!(
            "27/03/2024, 21:41 - Bob: hi\n27/03/2024, 21:42 - Ann: {follow}\n28/03/2024, 21:42 - Ann: {follow}\n"
        ),
        "",
        &[("Bob", "hi"), ("Ann", follow), ("Ann", follow)],
    );
}
