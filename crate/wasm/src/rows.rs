//! The core's files, pairings and counts as the review's rows.

use heirloom_core::collect::{Export, Library};
use heirloom_core::matching::{self, Pairing};
use heirloom_core::model::{self, Features, ItemId, MediumId, Taken};
use heirloom_core::plan::{self, Answers};
use heirloom_core::report;

use crate::dto;

/// What a row is made from.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) library: &'a Library,
    pub(crate) export: &'a Export,
    pub(crate) features: &'a [Option<Features>],
    pub(crate) answers: &'a Answers,
}

impl Rows<'_> {
    /// One row of the review.
    pub(crate) fn row(self, pairing: &Pairing) -> dto::Row {
        let medium = &self.export.media[pairing.medium.0 as usize];
        let messages = self.export.chat.as_ref().map(|chat| &chat.messages);
        let message = medium.message.and_then(|at| messages?.get(at as usize));
        dto::Row {
            medium: pairing.medium.0,
            name: medium.name.clone(),
            kind: medium.kind.into(),
            exported: medium.item.map(|item| self.item(item)),
            sent_s: medium.sent.map(|sent| sent.wall),
            sender: message.and_then(|message| message.sender.clone()),
            caption: message.map(|message| message.text.clone()).unwrap_or_default(),
            decision: pairing.decision.into(),
            edits: pairing.edits.iter().map(dto::Edit::from).collect(),
            original: pairing.original.map(|item| self.item(item)),
            also: pairing.also.iter().map(|item| self.path(*item)).collect(),
            score: pairing.score.into(),
            reason: (&pairing.reason).into(),
            candidates: pairing.candidates.iter().map(|one| self.candidate(one)).collect(),
            answer: self.answer(pairing.medium),
        }
    }

    /// The chat and how many originals there are.
    pub(crate) fn chat(self) -> dto::ChatInfo {
        let chat = self.export.chat.as_ref();
        let times = || chat.into_iter().flat_map(|chat| &chat.messages).filter_map(|one| one.time);
        dto::ChatInfo {
            title: chat.map(|chat| chat.title.clone()).unwrap_or_default(),
            messages: chat.map_or(0, |chat| count(chat.messages.len())),
            participants: chat.map(|chat| chat.participants.clone()).unwrap_or_default(),
            first_s: times().min(),
            last_s: times().max(),
            date_order: chat.and_then(|chat| chat.dates.order).into(),
            date_evidence: chat.and_then(|chat| chat.dates.evidence).map(Into::into),
            dates_decided: chat.is_none_or(|chat| chat.dates.decided),
            date_choices: chat
                .into_iter()
                .flat_map(|chat| &chat.dates.choices)
                .map(dto::DateChoice::from)
                .collect(),
            originals: count(self.export.originals(self.library).len()),
        }
    }

    fn candidate(self, candidate: &matching::Candidate) -> dto::Candidate {
        dto::Candidate { original: self.item(candidate.item), score: candidate.score.into() }
    }

    fn item(self, id: ItemId) -> dto::ItemInfo {
        info(self.library, self.features, id)
    }

    fn path(self, id: ItemId) -> String {
        self.library[id].path.clone()
    }

    fn answer(self, medium: MediumId) -> Option<dto::Answer> {
        self.answers.get(&medium).map(|answer| match answer {
            plan::Answer::Accept => dto::Answer::Accept,
            plan::Answer::Reject => dto::Answer::Reject,
            plan::Answer::Pick(item) => dto::Answer::Pick { item: item.0 },
            plan::Answer::Reveal(item) => dto::Answer::Reveal { item: item.0 },
        })
    }
}

/// One file, as a review shows it.
pub(crate) fn info(library: &Library, features: &[Option<Features>], id: ItemId) -> dto::ItemInfo {
    let item = &library[id];
    let features = features.get(id.0 as usize).and_then(Option::as_ref);
    let size = features.and_then(|features| features.size);
    dto::ItemInfo {
        item: id.0,
        path: item.path.clone(),
        bytes: item.size,
        width: size.map(|size| size.width),
        height: size.map(|size| size.height),
        taken_s: features.and_then(taken),
        camera: features.and_then(|features| features.camera.clone()),
    }
}

/// Seconds on the camera's wall clock where its zone is known, else as they
/// stand in the file. A day is its midnight.
pub(crate) fn taken(features: &Features) -> Option<i64> {
    features.taken.map(|taken| match taken {
        Taken::Utc(seconds) => seconds + i64::from(features.zone_minutes.unwrap_or(0)) * 60,
        Taken::Wall(seconds) => seconds,
        Taken::Day(day) => i64::from(day) * 86_400,
    })
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl From<dto::Answer> for plan::Answer {
    fn from(answer: dto::Answer) -> Self {
        match answer {
            dto::Answer::Accept => Self::Accept,
            dto::Answer::Reject => Self::Reject,
            dto::Answer::Pick { item } => Self::Pick(ItemId(item)),
            dto::Answer::Reveal { item } => Self::Reveal(ItemId(item)),
        }
    }
}

impl From<model::MediaKind> for dto::MediaKind {
    fn from(kind: model::MediaKind) -> Self {
        match kind {
            model::MediaKind::Image => Self::Image,
            model::MediaKind::Video => Self::Video,
            model::MediaKind::Gif => Self::Gif,
            model::MediaKind::Sticker => Self::Sticker,
            model::MediaKind::Voice => Self::Voice,
            model::MediaKind::Audio => Self::Audio,
            model::MediaKind::Contact => Self::Contact,
            model::MediaKind::Document => Self::Document,
        }
    }
}

impl From<matching::Decision> for dto::Decision {
    fn from(decision: matching::Decision) -> Self {
        match decision {
            matching::Decision::Matched => Self::Matched,
            matching::Decision::Ambiguous => Self::Ambiguous,
            matching::Decision::NoCandidates => Self::NoCandidates,
            matching::Decision::TooDifferent => Self::TooDifferent,
            matching::Decision::NotBetter => Self::NotBetter,
            matching::Decision::Unreadable => Self::Unreadable,
            matching::Decision::NotMatchable => Self::NotMatchable,
            matching::Decision::Missing => Self::Missing,
        }
    }
}

impl From<model::Edit> for dto::Edit {
    fn from(edit: model::Edit) -> Self {
        match edit {
            model::Edit::Cover => Self::Cover,
            model::Edit::Drawing => Self::Drawing,
            model::Edit::Crop => Self::Crop,
            model::Edit::Turn => Self::Turn,
            model::Edit::Mirror => Self::Mirror,
            model::Edit::Filter => Self::Filter,
            model::Edit::Trim => Self::Trim,
        }
    }
}

impl From<matching::Score> for dto::Score {
    fn from(score: matching::Score) -> Self {
        // An infinite ratio (no runner-up at all) has no place in JSON-like data.
        let finite = |value: Option<f32>| value.filter(|value| value.is_finite());
        Self {
            phash_distance: score.phash_distance,
            residual: finite(score.residual),
            runner_up_ratio: finite(score.runner_up_ratio),
            time_difference_s: score.time_difference_s,
            duration_difference_s: finite(score.duration_difference_s),
        }
    }
}

impl From<matching::Offset> for dto::Offset {
    fn from(offset: matching::Offset) -> Self {
        Self {
            from_s: offset.from,
            to_s: offset.to,
            seconds: offset.seconds,
            evidence: offset.evidence,
        }
    }
}

impl From<report::Count> for dto::Count {
    fn from(count: report::Count) -> Self {
        Self {
            exported: count.exported,
            matched: count.matched,
            ambiguous: count.ambiguous,
            unmatched: count.unmatched,
        }
    }
}

impl From<report::Counts> for dto::Counts {
    fn from(counts: report::Counts) -> Self {
        Self {
            images: counts.images.into(),
            videos: counts.videos.into(),
            others: counts.others.into(),
        }
    }
}
