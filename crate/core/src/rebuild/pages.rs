//! The pages of the bundle: rendered ones, given ones, style and script.

use super::chat_render::{self, Outline, frame};
use super::chat_rewrite::PageRewriter;
use super::reference::Places;
use super::{Inputs, Rebuilder};
use crate::collect::{self, Inventory};
use crate::error::{Fatal, Issue, Problem};
use crate::html::{escape, url_path};
use crate::io::{Bundle, read_range};
use crate::model::ItemId;
use crate::plan::Plan;

/// Bytes of a given page that are read at once.
const CHUNK: usize = 1 << 20;

/// The page that a person opens.
const INDEX: &str = "index.html";

/// One page, style or script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// Chat page, counted from 0.
    Chat(usize),
    /// Gallery page, counted from 0.
    Gallery(usize),
    Search,
    /// Page of the calendar, counted from 0.
    Dates(usize),
    /// The calendar for the script.
    DatesData,
    Statistics,
    /// The search index of a chat page.
    SearchIndex(usize),
    /// A given page with its references swapped.
    Rewritten(ItemId, String),
    /// `index.html` that leads to the first given page.
    Welcome(String),
    Asset(&'static str, &'static str),
}

/// Where the rendered chat begins: `index.html`, unless a given page has that
/// name.
pub(super) fn first_page(plan: &Plan) -> &'static str {
    let given = plan.pages.iter().any(|(_, path)| path.eq_ignore_ascii_case(INDEX));
    if given { "chat.html" } else { INDEX }
}

/// All pages, in the order in which they are written.
pub(super) fn list(inventory: &Inventory, plan: &Plan, outline: &Outline) -> Vec<Page> {
    let mut pages: Vec<Page> =
        plan.pages.iter().map(|(item, path)| Page::Rewritten(*item, path.clone())).collect();
    let rendered = inventory.chat.is_some() || plan.pages.is_empty();
    if rendered {
        pages.extend((0..outline.pages()).map(Page::Chat));
        pages.push(Page::Search);
        pages.extend((0..outline.pages()).map(Page::SearchIndex));
        pages.extend((0..outline.gallery_pages()).map(Page::Gallery));
        pages.extend((0..outline.dates_pages()).map(Page::Dates));
        pages.extend([Page::DatesData, Page::Statistics]);
        pages.push(Page::Asset(frame::SEARCH_PATH, frame::SEARCH));
        pages.push(Page::Asset(frame::SCRIPT_PATH, frame::SCRIPT));
    } else if let Some((_, path)) = plan.pages.first()
        && first_page(plan) == INDEX
    {
        pages.push(Page::Welcome(path.clone()));
    }
    // The report needs the style as well.
    pages.push(Page::Asset(frame::STYLE_PATH, frame::STYLE));
    pages
}

impl Rebuilder {
    /// Writes one page.
    pub(super) fn write_page(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
        page: &Page,
    ) -> Result<(), Fatal> {
        let (plan, outline, inventory) = (&self.plan, &self.outline, inputs.inventory);
        let (path, text) = match page {
            Page::Chat(number) => (
                outline.page_name(*number),
                chat_render::chat_page(inventory, plan, outline, *number),
            ),
            Page::Gallery(number) => (
                Outline::gallery_name(*number),
                chat_render::gallery_page(inventory, plan, outline, *number),
            ),
            Page::Dates(number) => {
                (Outline::dates_name(*number), chat_render::dates_page(outline, *number))
            }
            Page::DatesData => {
                (chat_render::DATES_PATH.to_owned(), chat_render::dates_data(outline))
            }
            Page::Statistics => {
                ("statistics.html".to_owned(), chat_render::statistics_page(inventory, outline))
            }
            Page::Search => ("search.html".to_owned(), chat_render::search_page(outline)),
            Page::SearchIndex(number) => (
                format!("assets/search-{}.js", number + 1),
                chat_render::search_index(inventory, outline, *number),
            ),
            Page::Welcome(path) => (INDEX.to_owned(), welcome(path)),
            Page::Asset(path, text) => ((*path).to_owned(), (*text).to_owned()),
            Page::Rewritten(item, path) => {
                return self.rewrite(inputs, bundle, issues, *item, path);
            }
        };
        self.write_whole(bundle, &path, text.as_bytes())
    }

    fn rewrite(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
        item: ItemId,
        path: &str,
    ) -> Result<(), Fatal> {
        let item = &inputs.inventory.items[item.0 as usize];
        let places = Places::new(inputs.inventory, &self.plan);
        let mut failed = |error: std::io::Error| {
            let problem = Problem::Unreadable(error.to_string());
            issues.push(Issue { path: item.path.clone(), problem });
        };
        let source = match collect::open(item, inputs.files) {
            Ok(source) => source,
            Err(error) => {
                failed(error);
                return Ok(());
            }
        };
        let mut rewriter = PageRewriter::new(&places, &item.path, path);
        let mut position = 0;
        bundle.begin(path, None).map_err(Fatal::Output)?;
        loop {
            let part = match read_range(&*source, position, CHUNK) {
                Ok(part) => part,
                Err(error) => {
                    failed(error);
                    return bundle.abandon().map_err(Fatal::Output);
                }
            };
            position += part.len() as u64;
            self.bytes_read += part.len() as u64;
            let ready = match part.is_empty() {
                true => break,
                false => rewriter.feed(&part),
            };
            self.bytes_written += ready.len() as u64;
            bundle.write(&ready).map_err(Fatal::Output)?;
        }
        match rewriter.finish() {
            Ok(rest) => bundle.write(&rest).and_then(|()| bundle.end()).map_err(Fatal::Output),
            Err(error) => {
                failed(error);
                bundle.abandon().map_err(Fatal::Output)
            }
        }
    }
}

/// A page that leads on to a given one.
fn welcome(path: &str) -> String {
    let link = url_path(path);
    let mut out = frame::head("Chat", "welcome", frame::Script::None);
    out.push_str(&format!(
        "<meta http-equiv=\"refresh\" content=\"0; url={link}\">\n<main id=\"content\"><section class=\"cover\">\
         <h1>Your chat</h1>\n<p><a href=\"{link}\">{}</a></p>\n\
         <p><a href=\"report.html\">How the originals were found</a></p></section></main>\n",
        escape(path)
    ));
    out.push_str(frame::FOOT);
    out
}
