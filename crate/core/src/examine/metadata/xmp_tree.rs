//! An XMP packet as a tree of properties, whatever form and prefixes its writer chose
//! (XMP specification part 1, chapter 7). Its parser is `roxmltree`, which refuses
//! entities of a document's own and nests without recursion; what could still take long
//! is counted first.

use roxmltree::{Document, Node, ParsingOptions};

/// RDF.
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// XML's own prefix.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Most bytes of a packet; a larger one is not read. One in a JPEG has at most 64 KB;
/// sidecars with drawn masks have a few megabytes. Chosen, not measured.
pub(super) const MOST_BYTES: usize = 4 << 20;
/// Most elements and texts. Chosen, not measured.
const MOST_NODES: u32 = 1 << 16;
/// Most attributes, counted by `=`: each is held against all others of its element.
/// Sidecars have hundreds. Chosen, not measured.
const MOST_ATTRIBUTES: usize = 1 << 14;
/// Most declarations of a prefix: elements inherit all of those around them, and each is
/// held against each. Programs write about thirty. Chosen, not measured.
const MOST_PREFIXES: usize = 256;

/// The text of a packet, as far as it is XML; `None` if there is none, or too much.
pub(crate) fn text(packet: &[u8]) -> Option<String> {
    let start = packet.iter().position(|&byte| byte == b'<')?;
    let end = packet.iter().rposition(|&byte| byte == b'>')?;
    let packet = packet.get(start..=end).filter(|packet| packet.len() <= MOST_BYTES)?;
    let count = |word: &[u8]| packet.windows(word.len()).filter(|found| *found == word).count();
    if count(b"=") > MOST_ATTRIBUTES || count(b"xmlns") > MOST_PREFIXES {
        return None;
    }
    let control = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r');
    let text = String::from_utf8_lossy(packet);
    Some(if text.contains(control) { text.replace(control, " ") } else { text.into_owned() })
}

/// Parses a packet's text.
pub(crate) fn parse(text: &str) -> Option<Document<'_>> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).ok()
}

/// The properties of one resource.
pub(super) struct Properties<'d> {
    parts: Vec<Node<'d, 'd>>,
}

/// What a property holds.
#[derive(Clone, Copy)]
pub(super) enum Value<'d> {
    /// A text, written as an attribute.
    Text(&'d str),
    /// An element: a text, a list or a structure.
    Element(Node<'d, 'd>),
}

impl<'d> Properties<'d> {
    /// Everything that the descriptions of a packet say of the file itself.
    pub(super) fn of(document: &'d Document<'d>) -> Option<Self> {
        let rdf = document.descendants().find(|node| node.has_tag_name((RDF, "RDF")))?;
        let is_part = |node: &Node| node.has_tag_name((RDF, "Description"));
        Some(Self { parts: rdf.children().filter(is_part).collect() })
    }

    /// The members of a structure, be they attributes, elements, or both in an inner
    /// description.
    pub(super) fn inside(node: Node<'d, 'd>) -> Self {
        let inner = node.children().filter(|child| child.has_tag_name((RDF, "Description")));
        Self { parts: std::iter::once(node).chain(inner).collect() }
    }

    pub(super) fn get(&self, space: &str, name: &str) -> Option<Value<'d>> {
        self.parts.iter().find_map(|part| {
            let text = part.attribute((space, name)).map(Value::Text);
            text.or_else(|| {
                part.children().find(|child| child.has_tag_name((space, name))).map(Value::Element)
            })
        })
    }

    /// The property as one text.
    pub(super) fn text(&self, space: &str, name: &str) -> Option<&'d str> {
        self.get(space, name)?.text()
    }

    /// The property as a list of texts.
    pub(super) fn texts(&self, space: &str, name: &str) -> Vec<&'d str> {
        let items = self.get(space, name).map(Value::items).unwrap_or_default();
        items.into_iter().filter_map(Value::text).collect()
    }
}

impl<'d> Value<'d> {
    /// The text; of alternatives that of no special language, else the first.
    pub(super) fn text(self) -> Option<&'d str> {
        let node = match self {
            Self::Text(text) => return real(text),
            Self::Element(node) => node,
        };
        let list = node.children().find(is_list);
        let chosen = list.and_then(|list| {
            let items = || list.children().filter(is_item);
            let plain = |item: &Node| item.attribute((XML, "lang")) == Some("x-default");
            items().find(plain).or_else(|| items().next())
        });
        let node = chosen.unwrap_or(node);
        let inner = node.descendants().take(4).find(|node| node.has_tag_name((RDF, "value")));
        let written = inner.unwrap_or(node).text().and_then(real);
        written.or_else(|| node.attribute((RDF, "resource")).and_then(real))
    }

    /// The items of a list; what is no list is its own item.
    pub(super) fn items(self) -> Vec<Self> {
        let Self::Element(node) = self else { return vec![self] };
        match node.children().find(is_list) {
            Some(list) => list.children().filter(is_item).map(Value::Element).collect(),
            None => vec![self],
        }
    }

    /// The members, if it is a structure.
    pub(super) fn members(self) -> Option<Properties<'d>> {
        match self {
            Self::Text(_) => None,
            Self::Element(node) => Some(Properties::inside(node)),
        }
    }
}

fn real(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn is_list(node: &Node) -> bool {
    ["Bag", "Seq", "Alt"].iter().any(|name| node.has_tag_name((RDF, *name)))
}

fn is_item(node: &Node) -> bool {
    node.has_tag_name((RDF, "li"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DC: &str = "http://purl.org/dc/elements/1.1/";

    fn packet(inside: &str) -> String {
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='{RDF}'>{inside}</r:RDF></x:xmpmeta>"
        )
    }

    fn subjects(packet: &str) -> Vec<String> {
        let text = text(packet.as_bytes()).unwrap_or_default();
        let Some(document) = parse(&text) else { return Vec::new() };
        let found = Properties::of(&document).map(|known| known.texts(DC, "subject"));
        found.unwrap_or_default().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn prefixes_and_forms_do_not_matter() {
        let bag = "<r:Bag><r:li>boat</r:li><r:li> lake </r:li><r:li/></r:Bag>";
        let element = format!("<d:subject>{bag}</d:subject>");
        let whole = format!("<r:Description xmlns:d='{DC}'>{element}</r:Description>");
        assert_eq!(subjects(&packet(&whole)), ["boat", "lake"]);
        let attribute = format!("<r:Description xmlns:q='{DC}' q:subject='boat'/>");
        assert_eq!(subjects(&packet(&attribute)), ["boat"]);
        let second = format!("<r:Description/>{attribute}");
        assert_eq!(subjects(&packet(&second)), ["boat"]);
        let value = format!(
            "<r:Description xmlns:d='{DC}'><d:subject r:parseType='Resource'>\
             <r:value>boat</r:value></d:subject></r:Description>"
        );
        assert_eq!(subjects(&packet(&value)), ["boat"]);
    }

    #[test]
    fn what_stands_around_a_packet_is_left() {
        let inside = format!("<r:Description xmlns:q='{DC}' q:subject='boat'/>");
        let wrapped = format!(
            "junk\0<?xpacket begin='\u{FEFF}' id='W5M0'?>\n{}\n  <?xpacket end='w'?>\0junk",
            packet(&inside)
        );
        assert_eq!(subjects(&wrapped), ["boat"]);
    }

    #[test]
    fn entities_of_its_own_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>";
        assert!(parse(&text(bomb.as_bytes()).unwrap()).is_none());
        let file = "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>";
        assert!(parse(&text(file.as_bytes()).unwrap()).is_none());
    }

    #[test]
    fn deep_wide_and_many_prefixed_packets_end() {
        let deep = format!("{}{}", "<a>".repeat(30_000), "</a>".repeat(30_000));
        assert!(parse(&text(deep.as_bytes()).unwrap()).is_some());
        let many = "<a>".to_owned() + &"<b/>".repeat(70_000) + "</a>";
        assert!(parse(&text(many.as_bytes()).unwrap()).is_none());
        let attributes: String = (0..20_000).map(|nth| format!(" a{nth}=''")).collect();
        assert_eq!(text(format!("<a{attributes}/>").as_bytes()), None);
        let prefixes: String = (0..300).map(|nth| format!("<a xmlns:p{nth}='u{nth}'>")).collect();
        assert_eq!(text(prefixes.as_bytes()), None);
        assert_eq!(text(format!("<{}>", "a".repeat(MOST_BYTES)).as_bytes()), None);
    }

    #[test]
    fn a_cut_packet_is_nothing() {
        let inside = format!("<r:Description xmlns:q='{DC}' q:subject='boat'/>");
        let whole = packet(&inside);
        for end in 0..whole.len() {
            assert_eq!(subjects(&whole[..end]), [""; 0], "cut at {end}");
        }
    }
}
