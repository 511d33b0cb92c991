//! AAC with low complexity (ISO/IEC 14496-3), decoded by `symphonia`. Of the sound with
//! spectral band replication, which phones seldom write, the lower half is decoded: a
//! print needs no more.

use mp4parse::{AudioCodecSpecific, CodecType, SampleEntry, TrackType};
use symphonia_codec_aac::AacDecoder;
use symphonia_core::audio::Channels;
use symphonia_core::audio::layouts::{CHANNEL_LAYOUT_MONO, CHANNEL_LAYOUT_STEREO};
use symphonia_core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia_core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia_core::packet::PacketRef;

use super::Recording;
use super::print::{Print, Printer};
use crate::examine::tracks;

/// Values of one channel in a sample (ISO/IEC 14496-3, section 4.5.1.1).
const VALUES: usize = 1024;

/// Rates by their index (section 1.6.3.4).
const RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];

/// The print of a recording; `None` if it is not AAC that can be decoded, or more than
/// a tenth of it is damaged.
pub(super) fn print(recording: &Recording) -> Option<Print> {
    let (rate, channels) = described(&recording.specific)?;
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(CODEC_ID_AAC).with_sample_rate(rate).with_channels(channels);
    let mut decoder = AacDecoder::try_new(&parameters, &AudioDecoderOptions::default()).ok()?;
    let mut printer = Printer::new(rate);
    let from = recording.from.saturating_mul(rate.into()).checked_div(recording.scale.into())?;
    // What lies before the beginning is left out, and what is absent there is silent.
    let mut early = usize::try_from(from.saturating_neg()).unwrap_or(0);
    let late = usize::try_from(from).unwrap_or(0).min(rate as usize * 60);
    (0..late).for_each(|_| printer.push(0.0));
    let (mut damaged, mut values) = (0, Vec::new());
    for sample in &recording.samples {
        let packet = PacketRef::new(0, 0.into(), 0_u32.into(), sample);
        values.clear();
        match decoder.decode_ref(&packet) {
            Ok(decoded) => decoded.copy_to_vecs_planar::<f32>(&mut values),
            Err(_) => damaged += 1,
        }
        for at in 0..VALUES {
            let all = values.iter().filter_map(|channel| channel.get(at));
            let value = all.sum::<f32>() / values.len().max(1) as f32;
            match early {
                0 => printer.push(if value.is_finite() { value } else { 0.0 }),
                _ => early -= 1,
            }
        }
    }
    (damaged * 10 <= recording.samples.len()).then(|| printer.finish())
}

/// Rate and channels of the samples, if they are AAC.
fn described(specific: &[u8]) -> Option<(u32, Channels)> {
    let mut bits = Bits { bytes: specific, at: 0 };
    let mut kind = bits.object()?;
    let rate = bits.rate()?;
    let channels = bits.take(4)?;
    if kind == 5 || kind == 29 {
        bits.rate()?;
        kind = bits.object()?;
    }
    let is_short = bits.take(1)? == 1;
    let channels = match channels {
        1 => CHANNEL_LAYOUT_MONO,
        2 => CHANNEL_LAYOUT_STEREO,
        _ => return None,
    };
    (kind == 2 && !is_short).then_some((rate, channels))
}

/// The decoder's configuration (`AudioSpecificConfig`, section 1.6.2.1); `None`: the
/// sound is no AAC.
pub(super) fn specific(moov: &[u8]) -> Option<Vec<u8>> {
    let SampleEntry::Audio(audio) = tracks::described(moov, &TrackType::Audio)? else {
        return None;
    };
    let AudioCodecSpecific::ES_Descriptor(of) = &audio.codec_specific else { return None };
    (of.audio_codec == CodecType::AAC).then(|| of.decoder_specific_data.to_vec())
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    fn object(&mut self) -> Option<u32> {
        match self.take(5)? {
            31 => Some(32 + self.take(6)?),
            kind => Some(kind),
        }
    }

    fn rate(&mut self) -> Option<u32> {
        match self.take(4)? {
            15 => self.take(24).filter(|rate| (7_000..=96_000).contains(rate)),
            index => RATES.get(index as usize).copied(),
        }
    }
}
