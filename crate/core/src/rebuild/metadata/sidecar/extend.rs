//! Completes a packet as text: what it says already of these fields goes, a description
//! with what it is to say comes behind the last. All other bytes stay.

use std::ops::Range;

use roxmltree::{Document, Node};

use super::packet;
use super::refused::Refused;
use crate::examine::metadata::{parse_xml, xml_text};
use crate::rebuild::metadata::fields::Fields;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const DC: &str = "http://purl.org/dc/elements/1.1/";

/// A packet that says these fields, too.
///
/// # Errors
/// [`Refused`]
pub(super) fn extended(old: &[u8], fields: &Fields) -> Result<Vec<u8>, Refused> {
    let (start, text) = whole(old)?;
    let document = parse_xml(text).ok_or(Refused::NotXml)?;
    let rdf = rdf(&document)?;
    let parts = descriptions(rdf);
    let about = about(&parts)?;
    let (mut changes, mut fields) = (Vec::new(), fields.clone());
    if let Some(list) = listed(&parts, text) {
        changes.extend(joined(list, text, &fields.tags));
        fields.tags.clear();
    }
    let description = packet::packet(&fields);
    let description = parse_xml(&description).ok_or(Refused::Form)?;
    let names = names(&description)?;
    for part in &parts {
        changes.extend(said(*part, text, &names));
    }
    if !names.is_empty() {
        changes.push(behind(rdf, text, &inserted(&description, about)?)?);
    }
    let new = changed(text, changes)?;
    let others = |document: &Document<'_>, text: &str| -> Result<Vec<String>, Refused> {
        let parts = descriptions(self::rdf(document)?);
        let kept = parts.iter().flat_map(|part| kept(*part, text, &names)).collect();
        Ok(kept)
    };
    let again = parse_xml(&new).ok_or(Refused::Entangled)?;
    if others(&document, text)? != others(&again, &new)? {
        return Err(Refused::Entangled);
    }
    Ok([&old[..start], new.as_bytes(), &old[start + text.len()..]].concat())
}

/// The XML of a sidecar, and where it begins: all but a mark of the byte order and blanks
/// around it.
fn whole(old: &[u8]) -> Result<(usize, &str), Refused> {
    let all = std::str::from_utf8(old).map_err(|_| Refused::Encoding)?;
    let text = all.trim_start_matches('\u{FEFF}').trim();
    let start = all.find(text).unwrap_or_default();
    if let Some(declared) = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        let declared = declared.0.to_ascii_lowercase();
        if declared.contains("encoding") && !declared.contains("utf-8") {
            return Err(Refused::Encoding);
        }
    }
    // Bounded as all packets are, and nothing in it that no XML may hold.
    let bounded = xml_text(text.as_bytes()).ok_or(Refused::NotXml)?;
    if bounded == text { Ok((start, text)) } else { Err(Refused::NotXml) }
}

/// The only RDF.
fn rdf<'d>(document: &'d Document<'d>) -> Result<Node<'d, 'd>, Refused> {
    let mut found = document.descendants().filter(|node| node.has_tag_name((RDF, "RDF")));
    match (found.next(), found.next()) {
        (Some(rdf), None) => Ok(rdf),
        _ => Err(Refused::Form),
    }
}

fn descriptions<'d>(rdf: Node<'d, 'd>) -> Vec<Node<'d, 'd>> {
    rdf.children().filter(|node| node.has_tag_name((RDF, "Description"))).collect()
}

/// What all descriptions speak of.
fn about<'d>(parts: &[Node<'d, 'd>]) -> Result<&'d str, Refused> {
    let about = |part: &Node<'d, 'd>| {
        part.attribute((RDF, "about")).or_else(|| part.attribute("about")).unwrap_or_default()
    };
    let first = parts.first().map(about).unwrap_or_default();
    if parts.iter().all(|part| about(part) == first) { Ok(first) } else { Err(Refused::Form) }
}

type Name = (String, String);

fn named(node: Node<'_, '_>) -> Name {
    let name = node.tag_name();
    (name.namespace().unwrap_or_default().to_owned(), name.name().to_owned())
}

/// The properties of our own description.
fn names(packet: &Document<'_>) -> Result<Vec<Name>, Refused> {
    let parts = descriptions(rdf(packet)?);
    let elements = parts.iter().flat_map(|part| part.children().filter(Node::is_element));
    Ok(elements.map(named).collect())
}

/// Our own description, with a prefix of its own for RDF: it means the same anywhere.
fn inserted(packet: &Document<'_>, about: &str) -> Result<String, Refused> {
    let part = *descriptions(rdf(packet)?).first().ok_or(Refused::Form)?;
    let text = &packet.input_text()[part.range()];
    let behind = text.strip_prefix("<rdf:Description rdf:about=\"\"").ok_or(Refused::Form)?;
    Ok(format!("<rdf:Description xmlns:rdf=\"{RDF}\" rdf:about=\"{}\"{behind}\n", escaped(about)))
}

fn escaped(text: &str) -> String {
    let pairs = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\n', "&#10;")];
    pairs.iter().fold(text.to_owned(), |text, (c, entity)| text.replace(*c, entity))
}

/// New text in the place of old.
type Change = (Range<usize>, String);

/// What a description says of these properties, to be cut out with the blanks before it;
/// the whole of one that says nothing else.
fn said(part: Node<'_, '_>, text: &str, names: &[Name]) -> Vec<Change> {
    let is_ours = |space: Option<&str>, name: &str| {
        names.iter().any(|ours| ours.0 == space.unwrap_or_default() && ours.1 == name)
    };
    let is_child = |child: &Node<'_, '_>| {
        child.is_element() && is_ours(child.tag_name().namespace(), child.tag_name().name())
    };
    let is_blank = |child: &Node<'_, '_>| {
        child.is_text() && child.text().is_none_or(|text| text.trim().is_empty())
    };
    let cut = |range: Range<usize>| {
        let start = text[..range.start].trim_end().len();
        (start..range.end, String::new())
    };
    let attributes = part.attributes().filter(|found| is_ours(found.namespace(), found.name()));
    let attributes = attributes.map(|found| found.range());
    let elements = part.children().filter(is_child).map(|child| child.range());
    let found: Vec<Change> = attributes.chain(elements).map(cut).collect();
    let others = part
        .attributes()
        .any(|found| found.namespace() != Some(RDF) && !is_ours(found.namespace(), found.name()));
    let others = others || part.children().any(|child| !is_child(&child) && !is_blank(&child));
    if found.is_empty() || others { found } else { vec![cut(part.range())] }
}

/// Everything else that a description says, as it is written.
fn kept(part: Node<'_, '_>, text: &str, names: &[Name]) -> Vec<String> {
    let is_ours = |space: Option<&str>, name: &str| {
        let tags = (space, name) == (Some(DC), "subject");
        tags || names.iter().any(|ours| ours.0 == space.unwrap_or_default() && ours.1 == name)
    };
    let attributes = part.attributes().filter(|found| {
        !is_ours(found.namespace(), found.name()) && found.namespace() != Some(RDF)
    });
    let attributes = attributes.map(|found| text[found.range()].to_owned());
    let elements = part.children().filter(|child| {
        child.is_element() && !is_ours(child.tag_name().namespace(), child.tag_name().name())
    });
    attributes.chain(elements.map(|child| text[child.range()].to_owned())).collect()
}

/// The list of tags, if there is one that can be completed.
fn listed<'d>(parts: &[Node<'d, 'd>], text: &str) -> Option<Node<'d, 'd>> {
    let mut found = parts.iter().flat_map(|part| part.children());
    let subject = found.find(|child| child.has_tag_name((DC, "subject")))?;
    let list = subject
        .children()
        .find(|node| ["Bag", "Seq"].iter().any(|name| node.has_tag_name((RDF, *name))))?;
    (!text[list.range()].ends_with("/>")).then_some(list)
}

/// Puts tags that are not in a list behind those that are.
fn joined(list: Node<'_, '_>, text: &str, tags: &[String]) -> Option<Change> {
    let items = list.children().filter(|node| node.has_tag_name((RDF, "li")));
    let known: Vec<&str> = items.filter_map(|item| item.text()).map(str::trim).collect();
    let range = list.range();
    let written = &text[range.clone()];
    let name = written[1..].split(|c: char| c.is_whitespace() || c == '>').next()?;
    let item = match name.split_once(':') {
        Some((prefix, _)) => format!("{prefix}:li"),
        None => "li".to_owned(),
    };
    let new = tags.iter().filter(|tag| !known.contains(&tag.as_str()));
    let new: String = new.map(|tag| format!("<{item}>{}</{item}>", escaped(tag))).collect();
    let end = range.start + written.rfind("</")?;
    (!new.is_empty()).then_some((end..end, new))
}

/// Puts a description behind everything in the RDF.
fn behind(rdf: Node<'_, '_>, text: &str, new: &str) -> Result<Change, Refused> {
    let range = rdf.range();
    let written = &text[range.clone()];
    if let Some(open) = written.strip_suffix("/>") {
        let name = open[1..].split(|c: char| c.is_whitespace()).next().ok_or(Refused::Form)?;
        return Ok((range.end - 2..range.end, format!(">{new}</{name}>")));
    }
    let end = range.start + written.rfind("</").ok_or(Refused::Form)?;
    Ok((end..end, new.to_owned()))
}

/// The text with its changes.
fn changed(text: &str, mut changes: Vec<Change>) -> Result<String, Refused> {
    changes.sort_by_key(|(range, _)| range.start);
    let (mut new, mut at) = (String::new(), 0);
    for (range, bytes) in changes {
        new.push_str(text.get(at..range.start).ok_or(Refused::Entangled)?);
        new.push_str(&bytes);
        at = range.end;
    }
    new.push_str(&text[at..]);
    Ok(new)
}
