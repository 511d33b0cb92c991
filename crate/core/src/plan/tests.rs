use super::sample::Sample;
use super::*;
use crate::matching::Reason;
use crate::model::Edit;
use crate::settings::Settings;

fn planned(sample: &Sample, answers: &Answers) -> Plan {
    plan(
        &sample.library,
        &sample.export,
        &sample.features,
        &sample.pairings,
        answers,
        &Settings::default(),
    )
}

fn two() -> Sample {
    let mut sample = Sample::default();
    let a = sample.exported("x/IMG.jpg", Kind::Jpeg, Ok(vec![1]));
    let b = sample.exported("y/img.JPG", Kind::Jpeg, Ok(vec![2]));
    let heic = sample.original("DCIM/IMG_1.HEIC", Kind::Heic, Ok(vec![3]));
    sample.medium("x/IMG.jpg", MediaKind::Image, Some(a), Some(heic));
    sample.medium("y/img.JPG", MediaKind::Image, Some(b), None);
    sample
}

#[test]
fn an_heic_gets_a_view_and_the_rest_stays() {
    let plan = planned(&two(), &Answers::new());
    let Action::Replace { path, view, exported, .. } = &plan.actions[0] else { panic!() };
    assert!(path.starts_with("original_media/") && path.ends_with("_IMG_1.HEIC"));
    assert!(view.as_ref().unwrap().ends_with("_IMG_1.view.jpg"));
    assert_eq!(*exported, None);
    assert_eq!(plan.actions[1], Action::Keep { path: "media/img-2.JPG".into() });
}

#[test]
fn answers_win_over_measurements() {
    let heic = ItemId(2);
    let answers = Answers::from([(MediumId(0), Answer::Reject), (MediumId(1), Answer::Pick(heic))]);
    let plan = planned(&two(), &answers);
    assert_eq!(plan.actions[0], Action::Keep { path: "media/IMG.jpg".into() });
    assert_eq!(plan.pairings[0].original, None);
    assert_eq!(plan.pairings[1].decision, Decision::Matched);
    assert_eq!(plan.pairings[1].reason, Reason::Chosen);
    assert!(matches!(&plan.actions[1], Action::Replace { original, .. } if *original == heic));
}

#[test]
fn an_exported_file_cannot_be_picked_as_an_original() {
    let answers = Answers::from([(MediumId(1), Answer::Pick(ItemId(0)))]);
    assert!(matches!(planned(&two(), &answers).actions[1], Action::Keep { .. }));
    let beyond = Answers::from([(MediumId(1), Answer::Pick(ItemId(99)))]);
    assert!(matches!(planned(&two(), &beyond).actions[1], Action::Keep { .. }));
}

#[test]
fn videos_and_edited_pictures_keep_the_exported_file() {
    let mut sample = two();
    sample.pairings[0].edits = Edit::Crop.into();
    let plan = planned(&sample, &Answers::new());
    let Action::Replace { exported, .. } = &plan.actions[0] else { panic!() };
    assert_eq!(exported.as_deref(), Some("media/IMG.jpg"));
}

/// What becomes of a covered HEIC after an answer, and whether its original stays out.
fn covered(answer: Option<Answer>, settings: &Settings) -> (Action, bool, Pairing) {
    let mut sample = two();
    sample.pairings[0].edits = [Edit::Cover, Edit::Crop].into_iter().collect();
    let answers = answer.map(|answer| (MediumId(0), answer)).into_iter().collect();
    let Sample { library, export, features, pairings, .. } = &sample;
    let plan = plan(library, export, features, pairings, &answers, settings);
    let (action, pairing) = (plan.actions[0].clone(), plan.pairings[0].clone());
    (action.clone(), stays_hidden(&pairing, &action), pairing)
}

#[test]
fn what_somebody_hid_stays_out_of_the_bundle() {
    let heic = ItemId(2);
    let kept = Action::Keep { path: "media/IMG.jpg".into() };
    for answer in [None, Some(Answer::Accept), Some(Answer::Pick(heic))] {
        let (action, hidden, pairing) = covered(answer, &Settings::default());
        assert_eq!((&action, hidden), (&kept, true), "{answer:?}");
        assert_eq!((pairing.decision, pairing.original), (Decision::Matched, Some(heic)));
    }
    let (action, hidden, _) = covered(Some(Answer::Reject), &Settings::default());
    assert_eq!((action, hidden), (kept, false), "nothing is linked, so nothing is hidden");
}

#[test]
fn what_was_revealed_is_an_edited_picture_like_others() {
    let named = Settings { reveal: vec!["x/IMG.jpg".into()], ..Settings::default() };
    let another = Settings { reveal: vec!["y/img.JPG".into()], ..Settings::default() };
    let answer = Some(Answer::Reveal(ItemId(2)));
    for (answer, settings) in [(answer, &Settings::default()), (None, &named)] {
        let (action, hidden, pairing) = covered(answer, settings);
        let Action::Replace { view, exported, .. } = action else { panic!("{action:?}") };
        assert!(view.is_some() && exported.as_deref() == Some("media/IMG.jpg") && !hidden);
        assert_eq!(pairing.reason, Reason::Plain, "it keeps the reason why it was linked");
    }
    assert!(covered(None, &another).1, "another picture was revealed");
}

#[test]
fn another_original_picked_for_a_covered_picture_stays_out_as_well() {
    let mut sample = two();
    sample.pairings[0].edits = [Edit::Cover, Edit::Crop].into_iter().collect();
    let other = sample.original("DCIM/IMG_2.HEIC", Kind::Heic, Ok(vec![4]));
    let answered = |answer| planned(&sample, &Answers::from([(MediumId(0), answer)]));
    let plan = answered(Answer::Pick(other));
    assert_eq!(plan.pairings[0].original, Some(other));
    assert_eq!(plan.pairings[0].edits, Edit::Cover.into());
    assert!(stays_hidden(&plan.pairings[0], &plan.actions[0]));
    let plan = answered(Answer::Reveal(other));
    assert!(matches!(plan.actions[0], Action::Replace { original, .. } if original == other));
}

#[test]
fn a_chosen_original_fills_a_gap_in_the_export() {
    let mut sample = two();
    let id = sample.medium("gone.jpg", MediaKind::Image, None, None);
    assert_eq!(planned(&sample, &Answers::new()).actions[2], Action::Absent);
    let answers = Answers::from([(id, Answer::Pick(ItemId(2)))]);
    assert!(matches!(planned(&sample, &answers).actions[2], Action::Replace { .. }));
}

#[test]
fn a_page_sent_as_a_document_is_kept_as_a_text() {
    let mut sample = Sample::default();
    let page = sample.exported("00000001-page.html", Kind::Html, Ok(vec![1]));
    let drawing = sample.exported("00000002-x.SVG", Kind::Text, Ok(vec![2]));
    let original = sample.original("page.html", Kind::Html, Ok(vec![1]));
    sample.medium("00000001-page.html", MediaKind::Document, Some(page), Some(original));
    sample.medium("00000002-x.SVG", MediaKind::Document, Some(drawing), None);
    let plan = planned(&sample, &Answers::new());
    let Action::Replace { path, .. } = &plan.actions[0] else { panic!() };
    assert!(path.ends_with("_page.html.txt"), "{path}");
    assert_eq!(plan.actions[1], Action::Keep { path: "media/00000002-x.SVG.txt".into() });
}
