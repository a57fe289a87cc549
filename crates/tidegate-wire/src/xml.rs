//! XML as AWS' APIs use it: a small tree to read from, and a writer.

use crate::limits;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::fmt::Write;

/// An element with all that is in it. Namespace prefixes of elements are dropped.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Element {
    pub name: String,
    /// Attributes with their prefixes, as `xsi:type`.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
}

impl Element {
    pub(crate) fn children<'e>(&'e self, name: &str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Reads a document. Document types and entities of one's own are refused, so nothing can be fetched or multiplied.
///
/// # Errors
/// `None` for what is no well-formed document, or exceeds the limits.
pub(crate) fn read(bytes: &[u8]) -> Option<Element> {
    let mut reader = Reader::from_reader(bytes);
    let mut open = vec![Element::default()];
    let mut elements = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(element(&start)?),
            Event::Empty(start) => open.last_mut()?.children.push(element(&start)?),
            Event::End(_) => {
                let closed = open.pop()?;
                open.last_mut()?.children.push(closed);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::CData(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::GeneralRef(reference) => open.last_mut()?.text.push(character(&reference)?),
            Event::DocType(_) => return None,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
        elements += 1;
        if open.len() > limits::DEPTH_MAX || elements > 2 * limits::XML_ELEMENTS_MAX {
            return None;
        }
    }
    let document = open.pop().filter(|_| open.is_empty())?;
    let [root] = <[Element; 1]>::try_from(document.children).ok()?;
    document.text.trim().is_empty().then_some(root)
}

fn element(start: &BytesStart) -> Option<Element> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let key = std::str::from_utf8(attribute.key.as_ref()).ok()?.to_owned();
        attributes.push((key, attribute.unescape_value().ok()?.into_owned()));
    }
    let name = std::str::from_utf8(start.local_name().into_inner()).ok()?.to_owned();
    Some(Element { name, attributes, ..Element::default() })
}

/// The character that `&lt;` or `&#65;` stands for.
fn character(reference: &BytesRef) -> Option<char> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character);
    }
    match reference.decode().ok()?.as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Writes elements; closing tags are the caller's business through `element`.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: String,
}

impl Writer {
    /// A document with the XML declaration on its first line.
    pub(crate) fn document() -> Writer {
        Writer { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".into() }
    }

    pub(crate) fn element(&mut self, name: &str, content: impl FnOnce(&mut Writer)) {
        self.element_with(name, "", content);
    }

    /// An element with attributes, each as `attribute` gives it.
    pub(crate) fn element_with(&mut self, name: &str, attributes: &str, content: impl FnOnce(&mut Writer)) {
        // Writing into a String cannot fail.
        let _ = write!(self.out, "<{name}{attributes}>");
        content(self);
        let _ = write!(self.out, "</{name}>");
    }

    pub(crate) fn text_element(&mut self, name: &str, text: &str) {
        self.element(name, |w| w.text(text));
    }

    pub(crate) fn text(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }
}

/// ` name="value"`.
pub(crate) fn attribute(name: &str, value: &str) -> String {
    let mut out = format!(" {name}=\"");
    escape(&mut out, value);
    out.push('"');
    out
}

/// Escapes what markup would be. Characters that XML 1.0 cannot hold become U+FFFD; a carriage return would be read as
/// a line feed, so it is written as a reference.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\n' | '\t' => out.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_trees() {
        let root = read(b"<?xml version='1.0'?><s:A xmlns:s='u'><B x:y='1'>a&lt;b&#65;<![CDATA[<c>]]></B><B/></s:A>\n");
        let root = root.expect("well-formed");
        assert_eq!((root.name.as_str(), root.children("B").count()), ("A", 2));
        assert_eq!(root.children[0].text, "a<bA<c>");
        assert_eq!(root.children[0].attributes, [("x:y".into(), "1".into())]);
    }

    #[test]
    fn refuses_what_is_no_document() {
        let deep = "<a>".repeat(100_000);
        let bomb = "<!DOCTYPE a [<!ENTITY x \"xx\">]><a>&x;</a>";
        for bad in ["", "a", "<a>", "<a></b>", "<a/><b/>", "<a>&x;</a>", "<a b></a>", "<a/>x", &deep, bomb] {
            assert_eq!(read(bad.as_bytes()), None, "{}", &bad[..bad.len().min(40)]);
        }
    }

    #[test]
    fn writes_what_it_can_read() {
        let text = "a<b>&\"'\r\n\t é \u{1}";
        let mut writer = Writer::document();
        writer.element_with("A", &attribute("k", "\"&"), |w| w.text_element("B", text));
        let root = read(writer.finish().as_bytes()).expect("well-formed");
        assert_eq!(root.attributes, [("k".into(), "\"&".into())]);
        assert_eq!(root.children[0].text, text.replace('\u{1}', "\u{fffd}"));
    }
}
