//! Films that `ffmpeg` makes: a camera that pans over a photo, and a sound of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::RgbImage;

use super::dice::Dice;
use crate::{Outcome, saying};

/// Values of sound in a second.
const RATE: u32 = 44_100;

/// Where films are made; gone when it is dropped.
pub(crate) struct Films<'a> {
    program: &'a Path,
    folder: PathBuf,
}

impl Drop for Films<'_> {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{}: {error}", self.folder.display());
        }
    }
}

impl<'a> Films<'a> {
    /// Makes films with this program.
    pub(crate) fn new(program: &'a Path, name: &str) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("films-{name}-{}", std::process::id()));
        saying("films", fs::create_dir_all(&folder))?;
        Ok(Self { program, folder })
    }

    /// A place for one case's films.
    pub(crate) fn folder(&self, at: usize) -> Outcome<Folder<'a>> {
        let path = self.folder.join(at.to_string());
        saying("films", fs::create_dir_all(&path))?;
        Ok(Folder { program: self.program, path })
    }
}

/// What a film shows and how it sounds.
pub(crate) struct Film {
    scene: RgbImage,
    length_s: f64,
    /// The sound: which voices, from which chance.
    sound: (Voice, u64),
    /// Shares of the scene over which the camera pans, and how often in the length.
    pan: (f64, f64, f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// Notes with overtones, one after another.
    Music,
    /// Syllables of noise and hum.
    Speech,
    /// Noise that swells.
    Wind,
}

impl Film {
    pub(crate) fn rolled(scene: RgbImage, length_s: f64, dice: &mut Dice) -> Self {
        let voice = dice.pick(&[Voice::Music, Voice::Speech, Voice::Speech, Voice::Wind]);
        let pan = (dice.between(0.2, 1.0), dice.between(0.2, 1.0), dice.between(0.4, 1.6));
        Self { scene, length_s, sound: (voice, dice.bits()), pan }
    }

    /// Gives it the sound and the length of another film.
    pub(crate) fn dub(&mut self, other: &Self) {
        (self.sound, self.length_s) = (other.sound, other.length_s);
    }

    pub(crate) fn note(&self) -> String {
        format!("{:?} of {:.1} s", self.sound.0, self.length_s)
    }
}

/// How a chat encodes a video again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending {
    width: u32,
    /// Constant rate factor of x264.
    crf: u32,
    profile: &'static str,
    /// Kilobits a second of sound, its rate and channels.
    sound: (u32, u32, u32),
    /// From which second on, and how many.
    pub part: Option<(f64, f64)>,
}

impl Sending {
    pub(crate) fn rolled(dice: &mut Dice) -> Self {
        Self {
            width: dice.pick(&[400, 480, 640]),
            crf: dice.pick(&[24, 27, 30, 32]),
            profile: dice.pick(&["baseline", "main", "high"]),
            sound: dice.pick(&[(24, 16_000, 1), (32, 22_050, 1), (48, 44_100, 1), (64, 48_000, 2)]),
            part: None,
        }
    }
}

/// The films of one case.
pub(crate) struct Folder<'a> {
    program: &'a Path,
    path: PathBuf,
}

impl Folder<'_> {
    /// Films and keeps the original under this name.
    pub(crate) fn original(
        &self,
        name: &str,
        film: &Film,
        has_sound: bool,
        dice: &mut Dice,
    ) -> Outcome<Vec<u8>> {
        let (still, sound) = (self.at(name, "png"), self.at(name, "wav"));
        saying("scene", film.scene.save(&still))?;
        saying("sound", fs::write(&sound, wave(film)))?;
        let (width, height) = (960.min(film.scene.width() & !1), 540.min(film.scene.height() & !1));
        let (x, y, times) = film.pan;
        let turn = format!("(0.5+0.5*sin(6.283*t*{:.4}))", times / film.length_s);
        let noise = dice.whole(2, 7);
        let filter = format!(
            "loop=loop=-1:size=1,setpts=N/25/TB,crop={width}:{height}:(iw-{width})*{x:.3}*{turn}:(ih-{height})*{y:.3}*{turn},noise=alls={noise}:allf=t,format=yuv420p"
        );
        let length = format!("{:.3}", film.length_s);
        let (crf, keys) = (dice.whole(17, 22).to_string(), dice.pick(&["15", "30", "75", "250"]));
        let coder = if dice.once_in(6) { "libx265" } else { "libx264" };
        let (still, sound) = (still.to_string_lossy(), sound.to_string_lossy());
        let mut words = vec!["-i", &still];
        if has_sound {
            words.extend(["-i", &sound, "-c:a", "aac", "-b:a", "128k"]);
        }
        words.extend(["-vf", &filter, "-r", "25", "-t", &length, "-c:v", coder, "-crf", &crf]);
        words.extend(["-preset", "ultrafast", "-g", keys, "-tag:v"]);
        words.push(if coder == "libx265" { "hvc1" } else { "avc1" });
        self.run(&words, &self.at(name, "mp4"))
    }

    /// The original of this name as a chat sends it.
    pub(crate) fn sent(&self, name: &str, sending: &Sending) -> Outcome<Vec<u8>> {
        let from = self.at(name, "mp4");
        let (scale, crf) = (format!("scale={}:-2", sending.width), sending.crf.to_string());
        let (kilobits, rate, channels) = sending.sound;
        let (bits, rate, channels) =
            (format!("{kilobits}k"), rate.to_string(), channels.to_string());
        let part = sending.part.map(|(from, long)| [from, long].map(|s| format!("{s:.3}")));
        let mut words = Vec::new();
        if let Some([from, long]) = &part {
            words.extend(["-ss", from, "-t", long]);
        }
        let from = from.to_string_lossy();
        words.extend(["-i", &from, "-vf", &scale, "-c:v", "libx264", "-preset", "veryfast"]);
        words.extend(["-crf", &crf, "-profile:v", sending.profile, "-map_metadata", "-1"]);
        words.extend(["-c:a", "aac", "-b:a", &bits, "-ar", &rate, "-ac", &channels]);
        self.run(&words, &self.at(&format!("{name}-sent"), "mp4"))
    }

    /// The original of this name in fragments.
    pub(crate) fn fragmented(&self, name: &str) -> Outcome<Vec<u8>> {
        let from = self.at(name, "mp4");
        let words =
            ["-i", &from.to_string_lossy(), "-c", "copy", "-movflags", "frag_keyframe+empty_moov"];
        self.run(&words, &self.at(&format!("{name}-parts"), "mp4"))
    }

    fn at(&self, name: &str, ending: &str) -> PathBuf {
        self.path.join(format!("{name}.{ending}"))
    }

    fn run(&self, words: &[&str], to: &Path) -> Outcome<Vec<u8>> {
        let mut command = Command::new(self.program);
        command.args(["-v", "error", "-y", "-threads", "1", "-nostdin"]).args(words);
        let done = saying("ffmpeg", command.args(["-fflags", "+bitexact"]).arg(to).output())?;
        if !done.status.success() {
            return Err(format!("ffmpeg: {}", String::from_utf8_lossy(&done.stderr)));
        }
        saying("ffmpeg", fs::read(to))
    }
}

/// The sound of a film as a WAV of 16 bits.
fn wave(film: &Film) -> Vec<u8> {
    let count = (film.length_s * f64::from(RATE)) as usize;
    let (voice, chance) = film.sound;
    let values = voice.values(count, &mut Dice::new(chance, "sound"));
    let loudest = values.iter().fold(1e-6f64, |most, value| most.max(value.abs()));
    let bytes = (count * 2) as u32;
    let mut wave = b"RIFF".to_vec();
    wave.extend((36 + bytes).to_le_bytes());
    wave.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wave.extend(RATE.to_le_bytes());
    wave.extend((RATE * 2).to_le_bytes());
    wave.extend(b"\x02\0\x10\0data");
    wave.extend(bytes.to_le_bytes());
    for value in values {
        wave.extend(((value / loudest * 24_000.0) as i16).to_le_bytes());
    }
    wave
}

impl Voice {
    fn values(self, count: usize, dice: &mut Dice) -> Vec<f64> {
        let mut values = vec![0.0; count];
        let mut at = 0;
        while at < count {
            let long = (dice.between(0.08, 0.45) * f64::from(RATE)) as usize;
            let end = (at + long).min(count);
            let piece = &mut values[at..end];
            match self {
                Self::Music => note(piece, dice),
                Self::Speech if dice.once_in(4) => {}
                Self::Speech => syllable(piece, dice),
                Self::Wind => gust(piece, dice),
            }
            at = end;
        }
        values
    }
}

/// A tone that dies away, with overtones.
fn note(piece: &mut [f64], dice: &mut Dice) {
    let pitch = dice.pick(&[131.0, 165.0, 196.0, 220.0, 262.0, 330.0, 392.0, 523.0]);
    let strengths = [1.0, dice.between(0.1, 0.8), dice.between(0.0, 0.6), dice.between(0.0, 0.4)];
    let loud = dice.between(0.3, 1.0);
    for (at, value) in piece.iter_mut().enumerate() {
        let time = at as f64 / f64::from(RATE);
        let fade = 1.0 / (1.0 + 12.0 * time) * (time * 200.0).min(1.0);
        let tone = |(number, strength): (usize, &f64)| {
            strength * (2.0 * std::f64::consts::PI * pitch * (number + 1) as f64 * time).sin()
        };
        *value += loud * fade * strengths.iter().enumerate().map(tone).sum::<f64>();
    }
}

/// A hum through two resonances, or a hiss.
fn syllable(piece: &mut [f64], dice: &mut Dice) {
    let (pitch, is_hiss) = (dice.between(90.0, 240.0), dice.once_in(3));
    let formants = [dice.between(300.0, 900.0), dice.between(1000.0, 3200.0)];
    let (loud, all) = (dice.between(0.2, 1.0), piece.len() as f64);
    let mut states = [[0.0f64; 2]; 2];
    let mut phase = 0.0;
    for (at, value) in piece.iter_mut().enumerate() {
        phase += pitch / f64::from(RATE);
        let noise = dice.between(-1.0, 1.0);
        let source = if is_hiss { noise } else { phase.fract() - 0.5 + 0.05 * noise };
        let mut sum = if is_hiss { 0.3 * noise } else { 0.0 };
        for (formant, state) in formants.iter().zip(&mut states) {
            let turn = 2.0 * std::f64::consts::PI * formant / f64::from(RATE);
            let new = source + 1.94 * turn.cos() * state[0] - 0.9409 * state[1];
            *state = [new, state[0]];
            sum += new * 0.06;
        }
        let place = at as f64 / all;
        *value += loud * sum * 4.0 * place * (1.0 - place);
    }
}

/// Noise without its high part, louder and softer.
fn gust(piece: &mut [f64], dice: &mut Dice) {
    let (from, to) = (dice.between(0.1, 1.0), dice.between(0.1, 1.0));
    let soft = dice.between(0.02, 0.4);
    let (mut last, all) = (0.0, piece.len() as f64);
    for (at, value) in piece.iter_mut().enumerate() {
        last += soft * (dice.between(-1.0, 1.0) - last);
        *value += (from + (to - from) * at as f64 / all) * last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_differ_and_are_as_long_as_said() {
        let film = |seed: u64| Film::rolled(RgbImage::new(2, 2), 1.5, &mut Dice::new(seed, "film"));
        let waves: Vec<Vec<u8>> = (0..4).map(|seed| wave(&film(seed))).collect();
        assert!(waves.iter().all(|wave| wave.len() == 44 + 66_150 * 2));
        assert!(waves.windows(2).all(|two| two[0] != two[1]));
        let loud = |wave: &[u8]| wave[44..].iter().filter(|&&byte| byte != 0).count();
        assert!(waves.iter().all(|wave| loud(wave) > 50_000));
    }
}
