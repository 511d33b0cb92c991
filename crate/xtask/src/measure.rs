//! How long a program runs, what it reads and how much memory it takes at
//! most. Bytes and memory come from `/proc`, and are unknown elsewhere.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// How often memory is looked at.
const EVERY: Duration = Duration::from_millis(20);

/// What one run took.
pub(crate) struct Measured {
    pub seconds: f64,
    /// By read calls, from the disk or the system's cache.
    pub bytes_read: Option<u64>,
    /// Resident, in bytes.
    pub peak: Option<u64>,
}

/// Runs a program to its end; returns also what it printed.
pub(crate) fn measure(command: &mut Command) -> Outcome<(Measured, String)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let wrong = |error: std::io::Error| format!("{name}: {error}");
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(wrong)?;
    let mut output = child.stdout.take().ok_or("no output")?;
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).map(|_| text)
    });
    let (mut peak, mut bytes_read) = (None, None);
    let status = loop {
        peak = field(child.id(), "status", "VmHWM:").map(|kilobytes| kilobytes * 1024).or(peak);
        bytes_read = field(child.id(), "io", "rchar:").or(bytes_read);
        if let Some(status) = child.try_wait().map_err(wrong)? {
            break status;
        }
        std::thread::sleep(EVERY);
    };
    let seconds = start.elapsed().as_secs_f64();
    let text = reader.join().map_err(|_| "reading its output failed")?.map_err(wrong)?;
    if !status.success() {
        return Err(format!("{name} failed ({status})"));
    }
    Ok((Measured { seconds, bytes_read, peak }, text))
}

/// A number of `/proc/<id>/<file>`; what was seen last stands, for a program
/// that has ended shows none.
fn field(id: u32, file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/{file}")).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line[name.len()..].split_whitespace().next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn reading_a_file_counts_its_bytes() {
        let file = file!();
        let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let mut command = Command::new("sh");
        command.args(["-c", "cat \"$0\"; sleep 0.2"]).arg(&manifest);
        let (measured, text) = measure(&mut command).unwrap();
        assert_eq!(text, std::fs::read_to_string(&manifest).unwrap(), "{file}");
        assert!((0.2..20.0).contains(&measured.seconds), "{}", measured.seconds);
        assert!(measured.peak.unwrap() > 100_000);
        assert!(measured.bytes_read.unwrap() > 0);
    }
}
