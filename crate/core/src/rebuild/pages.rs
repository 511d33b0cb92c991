//! The pages of the bundle: rendered ones, given ones, style and script.

use super::chat_render::{self, Outline};
use super::chat_rewrite::PageRewriter;
use super::reference::Places;
use super::state::{BATCH_BYTES, Given, Inputs, Page, Rebuilder};
use crate::collect::reading::Reading;
use crate::collect::{self, Export};
use crate::error::{Fatal, Issue, Problem};
use crate::io::{Bundle, PIECE};
use crate::model::{Item, ItemId};
use crate::page::escape::{escape, url_path};
use crate::page::frame;
use crate::plan::Plan;
use crate::plan::names::INDEX;

/// All pages, in the order in which they are written.
pub(super) fn list(export: &Export, plan: &Plan, outline: &Outline) -> Vec<Page> {
    let mut pages: Vec<Page> =
        plan.pages.iter().map(|(item, path)| Page::Rewritten(*item, path.clone())).collect();
    let rendered = export.chat.is_some() || plan.pages.is_empty();
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
        && plan.own.first_page == INDEX
    {
        pages.push(Page::Welcome(path.clone()));
    }
    // The report needs the style as well.
    pages.push(Page::Asset(frame::STYLE_PATH, frame::STYLE));
    pages
}

impl Rebuilder {
    /// Writes one page that is not a given one.
    pub(super) fn write_page(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        page: &Page,
    ) -> Result<(), Fatal> {
        let (plan, outline, export) = (&self.plan, &self.outline, inputs.export);
        let (path, text) = match page {
            Page::Chat(number) => {
                (outline.page_name(*number), chat_render::chat_page(export, plan, outline, *number))
            }
            Page::Gallery(number) => (
                outline.gallery_name(*number),
                chat_render::gallery_page(export, plan, outline, *number),
            ),
            Page::Dates(number) => {
                (outline.dates_name(*number), chat_render::dates_page(outline, *number))
            }
            Page::DatesData => {
                (outline.file(chat_render::DATES_PATH), chat_render::dates_data(outline))
            }
            Page::Statistics => {
                (outline.file("statistics.html"), chat_render::statistics_page(export, outline))
            }
            Page::Search => (outline.file("search.html"), chat_render::search_page(outline)),
            Page::SearchIndex(number) => (
                outline.file(&format!("assets/search-{}.js", number + 1)),
                chat_render::search_index(export, outline, *number),
            ),
            Page::Welcome(path) => (INDEX.to_owned(), welcome(plan, path)),
            Page::Asset(path, text) => (outline.file(path), (*text).to_owned()),
            // Written by parts.
            Page::Rewritten(..) => return Ok(()),
        };
        self.write_whole(bundle, &path, text.as_bytes())
    }

    /// Rewrites the next part of a given page; says whether the page is done. A
    /// page that cannot be read is left out, with an issue.
    pub(super) fn rewrite_some(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
        (item, path): (ItemId, &str),
    ) -> Result<bool, Fatal> {
        let item = &inputs.library[item];
        let mut given = self.given.take().unwrap_or_else(|| self.given(inputs, item, path));
        let problem = match self.feed(inputs, bundle, item, path, &mut given)? {
            Fed::Part => {
                self.given = Some(given);
                return Ok(false);
            }
            Fed::Whole => match given.rewriter.finish() {
                Ok(rest) => {
                    self.bytes_written += rest.len() as u64;
                    bundle.write(&rest).and_then(|()| bundle.end()).map_err(Fatal::Output)?;
                    return Ok(true);
                }
                Err(error) => Problem::unreadable(&error),
            },
            Fed::Failed(problem) => problem,
        };
        issues.push(Issue { path: item.path.clone(), problem });
        if given.begun {
            bundle.abandon().map_err(Fatal::Output)?;
        }
        Ok(true)
    }

    fn given(&mut self, inputs: &Inputs<'_>, item: &Item, path: &str) -> Given {
        let plan = &self.plan;
        let (library, export) = (inputs.library, inputs.export);
        let places = self.places.get_or_insert_with(|| Places::new(library, export, plan));
        let rewriter = PageRewriter::new(places, &item.path, path);
        Given { rewriter, reading: Reading::default(), begun: false }
    }

    /// Feeds the rewriter for one batch. The bundle's file is begun when the first
    /// bytes could be read.
    fn feed(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        item: &Item,
        path: &str,
        given: &mut Given,
    ) -> Result<Fed, Fatal> {
        let end = given.reading.at() + BATCH_BYTES;
        while given.reading.at() < end {
            let part = match given.reading.next(item, inputs.files, PIECE) {
                Ok(part) => part,
                Err(error) => return Ok(Fed::Failed(Problem::unreadable(&error))),
            };
            if !given.begun {
                bundle.begin(path, None).map_err(Fatal::Output)?;
                given.begun = true;
            }
            if part.is_empty() {
                let size = collect::open(item, inputs.files).map(|source| source.size());
                let whole = size.is_ok_and(|size| given.reading.at() >= size);
                return Ok(if whole { Fed::Whole } else { Fed::Failed(Problem::Truncated) });
            }
            self.bytes_read += part.len() as u64;
            let ready = given.rewriter.feed(&part);
            self.bytes_written += ready.len() as u64;
            bundle.write(&ready).map_err(Fatal::Output)?;
        }
        Ok(Fed::Part)
    }
}

/// How far a given page was fed.
enum Fed {
    /// There is more of it.
    Part,
    Whole,
    /// The input failed.
    Failed(Problem),
}

/// A page that leads on to a given one.
fn welcome(plan: &Plan, path: &str) -> String {
    let link = url_path(path);
    let report = plan.own.of("report.html");
    let mut out = frame::head(&plan.own.prefix, "Chat", "welcome", frame::Script::None);
    out.push_str(&format!(
        "<meta http-equiv=\"refresh\" content=\"0; url={link}\">\n<main id=\"content\"><section class=\"cover\">\
         <h1>Your chat</h1>\n<p><a href=\"{link}\">{}</a></p>\n\
         <p><a href=\"{report}\">How the originals were found</a></p></section></main>\n",
        escape(path)
    ));
    out.push_str(frame::FOOT);
    out
}
