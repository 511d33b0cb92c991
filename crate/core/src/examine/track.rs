//! A track: where a receiver was, second by second, as GPX 1.0 and 1.1 write it. Files are
//! somebody's: what is broken is skipped and counted.

use roxmltree::{Document, Node, ParsingOptions};

use super::photo_time::real_place;
use super::written_time::written_time;
use crate::model::Place;

/// Most bytes of a track: a point takes 100 to 200, so that a year of minutes fits. Chosen,
/// not measured.
pub const MOST_BYTES: u64 = 128 << 20;
/// Most elements and texts of one. Chosen, not measured: a point has about eight.
const MOST_NODES: u32 = 16 << 20;
/// Most points that are kept. Chosen, not measured: twenty days of seconds.
const MOST_POINTS: usize = 1 << 21;
/// Most declarations of prefixes: each element is held against all of them.
const MOST_PREFIXES: usize = 256;
/// Metres above the sea that a receiver can be at, as for photos.
const ALTITUDES: std::ops::RangeInclusive<f64> = -12_000.0..=100_000.0;

/// Where somebody was at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Seconds since 1970 in UTC.
    pub utc: i64,
    /// Where.
    pub place: Place,
    /// Metres above the sea.
    pub altitude_m: Option<f64>,
}

/// A track as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Track {
    /// Its points, by time, each time once.
    pub points: Vec<Point>,
    /// Points that say no time or no place, or more than are kept.
    pub skipped: u64,
}

/// Why a file is no track.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTrack {
    /// More than [`MOST_BYTES`], or too much in it.
    #[error("the track is too large to be read")]
    TooLarge,
    /// It is no XML, or not all of it.
    #[error("it is no GPX file, or not all of it: {0}")]
    Broken(String),
    /// It has no point with a time and a place.
    #[error("the track has no point with a time and a place")]
    Empty,
}

/// Reads a track.
///
/// # Errors
/// [`NoTrack`].
pub fn read(bytes: &[u8]) -> Result<Track, NoTrack> {
    let prefixes = bytes.windows(5).filter(|word| word == b"xmlns").count();
    if bytes.len() as u64 > MOST_BYTES || prefixes > MOST_PREFIXES {
        return Err(NoTrack::TooLarge);
    }
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => NoTrack::TooLarge,
        error => NoTrack::Broken(error.to_string()),
    })?;
    let mut track = Track::default();
    let is_point = |node: &Node| matches!(node.tag_name().name(), "trkpt" | "wpt");
    for node in document.descendants().filter(is_point) {
        match point(node).filter(|_| track.points.len() < MOST_POINTS) {
            Some(point) => track.points.push(point),
            // A waypoint without a time is no broken point: it is a mark on a map.
            None if node.tag_name().name() == "wpt" => {}
            None => track.skipped += 1,
        }
    }
    track.points.sort_by_key(|point| point.utc);
    track.points.dedup_by_key(|point| point.utc);
    if track.points.is_empty() { Err(NoTrack::Empty) } else { Ok(track) }
}

fn point(node: Node<'_, '_>) -> Option<Point> {
    let number = |name| node.attribute(name).and_then(|text| text.trim().parse::<f64>().ok());
    let (lat, lon) = real_place(number("lat")?, number("lon")?)?;
    let child = |name: &str| {
        node.children().find(|child| child.tag_name().name() == name).and_then(|of| of.text())
    };
    let (wall, zone) = written_time(child("time")?.trim().as_bytes())?;
    let altitude = child("ele").and_then(|text| text.trim().parse::<f64>().ok());
    let altitude_m = altitude.filter(|metres| ALTITUDES.contains(metres));
    // GPX asks for UTC; programs that leave the Z out mean it.
    let utc = wall - 60 * i64::from(zone.unwrap_or(0));
    Some(Point { utc, place: Place { lat, lon }, altitude_m })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gpx(points: &str) -> Result<Track, NoTrack> {
        let text = format!(
            "<?xml version='1.0'?><gpx xmlns='http://www.topografix.com/GPX/1/1'><trk><trkseg>\
             {points}</trkseg></trk></gpx>"
        );
        read(text.as_bytes())
    }

    fn written(lat: &str, lon: &str, time: &str) -> String {
        format!("<trkpt lat='{lat}' lon='{lon}'><ele>501.5</ele><time>{time}</time></trkpt>")
    }

    #[test]
    fn points_are_read_and_sorted() {
        let points = [
            written("46.624", "14.307", "2024-07-01T10:01:00+02:00"),
            written("46.6", "14.3", "2024-07-01T08:00:00Z"),
        ];
        let track = gpx(&points.concat()).unwrap();
        let times: Vec<i64> = track.points.iter().map(|point| point.utc).collect();
        assert_eq!(times, [1_719_820_800, 1_719_820_860]);
        assert_eq!(track.points[0].altitude_m, Some(501.5));
        assert_eq!(track.points[1].place, Place { lat: 46.624, lon: 14.307 });
    }

    #[test]
    fn broken_points_are_skipped_and_counted() {
        let bad = [
            written("0", "0", "2024-07-01T08:00:00Z"),
            written("95", "14", "2024-07-01T08:00:00Z"),
            written("46", "x", "2024-07-01T08:00:00Z"),
            written("46", "14", "2024-13-01T08:00:00Z"),
            written("NaN", "14", "2024-07-01T08:00:00Z"),
            "<trkpt lat='46' lon='14'/>".to_owned(),
        ];
        assert_eq!(gpx(&bad.concat()), Err(NoTrack::Empty));
        let one = written("46", "14", "2024-07-01T08:00:00Z");
        let track = gpx(&[&bad.concat(), one.as_str()].concat()).unwrap();
        assert_eq!((track.points.len(), track.skipped), (1, 6));
    }

    #[test]
    fn what_is_no_track_is_said() {
        assert!(matches!(read(b"hello"), Err(NoTrack::Broken(_))));
        assert!(matches!(read(b"<gpx><trk>"), Err(NoTrack::Broken(_))));
        assert_eq!(read(b"<gpx/>"), Err(NoTrack::Empty));
        let bomb = b"<!DOCTYPE g [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><gpx>&b;</gpx>";
        assert!(read(bomb).is_err());
        let deep = ["<a>".repeat(100_000), "</a>".repeat(100_000)].concat();
        assert_eq!(read(deep.as_bytes()), Err(NoTrack::Empty));
    }
}
