use super::*;
use crate::matching::Score;
use crate::model::{Edit, Kind};
use crate::plan::sample::Sample;

fn report_on(sample: &Sample) -> Report {
    let settings = Settings::default();
    let plan = sample.plan(&settings);
    let offsets = [Offset { from: 0, to: 86_400, seconds: -19_800, evidence: 1 }];
    let issue = Issue { path: "<i>".into(), problem: crate::error::Problem::Empty };
    report(&sample.library, &sample.export, &plan, &offsets, &[issue.clone(), issue], &settings)
}

fn sample() -> Sample {
    let mut sample = Sample::default();
    let item = sample.exported("a.jpg", Kind::Jpeg, Ok(vec![]));
    let original = sample.original("DCIM/<b>.jpg", Kind::Jpeg, Ok(vec![]));
    sample.medium("a.jpg", MediaKind::Image, Some(item), Some(original));
    sample.medium("gone.jpg", MediaKind::Image, None, None);
    sample.pairings[0].score = Score {
        phash_distance: Some(2),
        residual: Some(0.749),
        runner_up_ratio: Some(f32::INFINITY),
        time_difference_s: Some(-312),
        duration_difference_s: None,
    };
    sample
}

#[test]
fn mapping_has_the_agreed_keys_in_the_agreed_order() {
    let json = report_on(&sample()).mapping_json;
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys(&value), ["version", "settings", "offsets", "summary", "entries"]);
    let entry = &value["entries"][0];
    assert_eq!(
        keys(entry),
        [
            "exported",
            "kind",
            "message_time",
            "decision",
            "edit",
            "edits",
            "original",
            "bundle_path",
            "also",
            "score",
            "thresholds",
            "mode",
            "reason"
        ]
    );
    assert_eq!(entry["message_time"], "2024-12-22T20:36:00");
    assert_eq!(entry["score"]["residual"], 0.7);
    assert_eq!(entry["score"]["runner_up_ratio"], serde_json::Value::Null);
    assert_eq!(entry["thresholds"]["residual"], 2.8);
    assert_eq!(entry["original"], "DCIM/<b>.jpg");
    assert_eq!(value["entries"][1]["bundle_path"], serde_json::Value::Null);
    assert_eq!(value["summary"]["images"]["exported"], 1);
}

#[test]
fn the_page_says_the_same_and_escapes_it() {
    let report = report_on(&sample());
    let [(name, html)] = report.html.as_slice() else { panic!("one page") };
    assert_eq!(name, "report.html");
    assert!(html.contains("DCIM/&lt;b&gt;.jpg") && !html.contains("<b>"));
    assert!(html.contains("−5 h 30 min"));
    assert_eq!(report.issues.len(), 1, "an issue is told once");
    assert_eq!(report.counts.images, Count { exported: 1, matched: 1, ambiguous: 0, unmatched: 0 });
}

#[test]
fn every_change_is_named_and_the_first_as_before() {
    let mut sample = sample();
    sample.pairings[0].edits = [Edit::Filter, Edit::Crop].into_iter().collect();
    let report = report_on(&sample);
    let value: serde_json::Value = serde_json::from_str(&report.mapping_json).unwrap();
    assert_eq!(value["version"], 2);
    let entries = &value["entries"];
    assert_eq!((&entries[0]["edit"], &entries[1]["edit"]), (&"crop".into(), &"none".into()));
    assert_eq!(entries[0]["edits"], serde_json::json!(["crop", "filter"]));
    assert_eq!(entries[1]["edits"], serde_json::json!([]));
    let said = "cropped and given other colours or brightness before it was sent";
    assert!(report.html[0].1.contains(said), "{}", report.html[0].1);
}

#[test]
fn what_was_hidden_is_named_and_not_led_to() {
    let mut sample = sample();
    sample.pairings[0].edits = [Edit::Cover, Edit::Mirror].into_iter().collect();
    let report = report_on(&sample);
    let value: serde_json::Value = serde_json::from_str(&report.mapping_json).unwrap();
    let entry = &value["entries"][0];
    assert_eq!((&entry["decision"], &entry["edit"]), (&"matched".into(), &"cover".into()));
    assert_eq!((&entry["original"], &entry["bundle_path"]), (&"DCIM/<b>.jpg".into(), &().into()));
    let sentence = "A part of it was hidden before it was sent, so the original stays out";
    assert!(entry["reason"].as_str().unwrap().contains(sentence), "{entry}");
    let html = &report.html[0].1;
    assert!(html.contains(sentence) && html.contains("Originals left out"), "{html}");
    assert!(!html.contains("original_media") && html.contains("media/a.jpg"), "{html}");
    assert_eq!((report.hidden, report.counts.images.matched), (1, 1));
    sample.pairings[0].edits = Edit::Mirror.into();
    let open = report_on(&sample);
    assert!(open.hidden == 0 && open.html[0].1.contains("original_media"));
    assert!(
        !open.html[0].1.contains("Originals left out") && !open.mapping_json.contains(sentence)
    );
}

#[test]
fn many_files_are_told_on_several_pages() {
    let mut sample = Sample::default();
    for number in 0..1001 {
        sample.medium(&format!("{number}.jpg"), MediaKind::Image, None, None);
    }
    let report = report_on(&sample);
    let names: Vec<&str> = report.html.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["report.html", "report-2.html"]);
    let rows = |page: usize| report.html[page].1.matches("class=\"word").count();
    assert_eq!((rows(0), rows(1)), (1000, 1));
}
