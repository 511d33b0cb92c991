//! Reads the chat's text, and joins other exports of the same chat to it.

use super::text::{self, Parsed};
use super::wording::Wording;
use super::{dates, merge, title};
use crate::collect::checksum::Checksum;
use crate::collect::encoding::{self, Encoding};
use crate::collect::media_list;
use crate::collect::sources::Sources;
use crate::collect::steps::Steps;
use crate::error::Problem;
use crate::model::ItemId;
use crate::settings::Settings;

/// Reads the chat's text, if there is one, and adds other exports of the same
/// chat to it.
pub(in crate::collect) async fn read_chat(
    found: &mut Sources,
    steps: &Steps,
    settings: &Settings,
) -> Option<Parsed> {
    let id = found.chat?;
    let words = Wording::new();
    let mut report = Vec::new();
    let mut chat = read_text(found, id, steps, settings, &words, &mut report).await;
    found.report(id, report);
    for id in std::mem::take(&mut found.other_chats) {
        let mut report = Vec::new();
        let other = read_text(found, id, steps, settings, &words, &mut report).await;
        let merged = match (chat.as_mut(), other.as_ref()) {
            (Some(chat), Some(other)) => merge::merge(chat, other, &found.items, steps).await,
            _ => None,
        };
        match merged {
            Some(merged) => {
                report.push(merged.told());
                found.report(id, report);
                found.spent.push(id);
                found.spent.extend(merged.spare.iter().map(|(spare, _)| *spare));
                found.spent_for.extend(merged.spare);
            }
            None => {
                found.report(id, vec![Problem::OtherChat]);
                found.other_chats.push(id);
            }
        }
    }
    chat
}

/// Reads one text as a chat.
async fn read_text(
    found: &Sources,
    id: ItemId,
    steps: &Steps,
    settings: &Settings,
    words: &Wording,
    report: &mut Vec<Problem>,
) -> Option<Parsed> {
    let item = &found.items[id.0 as usize];
    let limit = settings.limits.text_bytes;
    if item.size > limit {
        report.push(Problem::OverLimit { need: item.size, limit });
    }
    let most = usize::try_from(limit.min(item.size)).unwrap_or(usize::MAX);
    let bytes = match steps.read(item, most).await {
        Ok(bytes) => bytes,
        Err(error) => {
            report.push(Problem::unreadable(&error));
            return None;
        }
    };
    if bytes.len() < most {
        report.push(Problem::Truncated);
    }
    if Checksum::breaks(item, &bytes) {
        report.push(Problem::Checksum);
    }
    let decoded = encoding::decode(bytes);
    if decoded.encoding != Encoding::Utf8 {
        report.push(Problem::Utf16);
    }
    report.extend(decoded.code_page.map(|name| Problem::CodePage(name.to_string())));
    if decoded.bad > 0 {
        report.push(Problem::BadText(decoded.bad));
    }
    let names = media_list::names(&found.items, item);
    let context = text::Context {
        names: &names,
        words,
        items: &found.items,
        title: title::title(&item.path, found.zip.as_deref().or(Some(&settings.export_name))),
        order: settings.date_order,
    };
    let parsed = text::parse_on(&decoded.text, &context, steps).await;
    report.extend(dates::doubt(&parsed.chat.dates).map(Problem::UnclearDates));
    report.extend(text::long_message(&parsed.chat.messages));
    Some(parsed)
}
