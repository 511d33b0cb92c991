//! `cargo xtask serve`: builds, then serves `dist/` to this computer only, with
//! the headers that threads need.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use percent_encoding::percent_decode_str;
use tiny_http::{Header, Method, Request, Response, Server};

use crate::Outcome;
use crate::build::{self, Grade, dist};

/// What a page needs to share memory between its workers.
const ISOLATION: [(&str, &str); 4] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
];

/// Threads that answer: a page opens six connections, its service worker more, and
/// one that stops reading in the middle of an engine must not keep the others waiting.
const ANSWERING: usize = 16;

/// Builds and serves until it is stopped. Where nothing was built before, the
/// page comes with the engine that is quickest made; the other follows while
/// the page is open already.
pub(crate) fn serve(port: u16, no_open: bool) -> Outcome {
    let server = Server::http(("127.0.0.1", port));
    let server = server.map_err(|error| format!("port {port} could not be used: {error}"))?;
    let again = build::was_made(Grade::Quick);
    if again {
        build::build(Grade::Quick)?;
    } else {
        println!("serve: a first build takes up to five minutes on two cores; a later one seconds");
        build::first_page()?;
    }
    let address = format!("http://127.0.0.1:{port}/");
    println!("serve: Heirloom is at {address} (Ctrl+C ends it)");
    if !no_open {
        open(&address);
    }
    if !again {
        std::thread::spawn(complete);
    }
    answer_all(&server, &dist());
    Ok(())
}

/// Answers until the server is stopped, several requests at a time.
fn answer_all(server: &Server, dist: &Path) {
    std::thread::scope(|scope| {
        for _ in 0..ANSWERING {
            scope.spawn(|| {
                for request in server.incoming_requests() {
                    // A visitor who hung up is no reason to stop.
                    let _gone = answer(request, dist);
                }
            });
        }
    });
}

/// Adds the engine for all cores; without it the page works on one.
fn complete() {
    println!("serve: until the engine for all cores is made, the page works on one core");
    match build::second_engine() {
        Ok(()) => println!("serve: reload the page, and it works on all cores"),
        Err(sentence) => println!("serve: the page stays on one core: {sentence}"),
    }
}

fn answer(request: Request, dist: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::empty(405));
    }
    match path_of(request.url()).and_then(|path| File::open(dist.join(&path)).ok().zip(Some(path)))
    {
        Some((file, path)) if dist.join(&path).is_file() => {
            let mut response = Response::from_file(file);
            for (name, value) in ISOLATION.into_iter().chain([("Content-Type", kind_of(&path))]) {
                if let Ok(header) = Header::from_bytes(name, value) {
                    response.add_header(header);
                }
            }
            request.respond(response)
        }
        _ => request.respond(Response::from_string("not found").with_status_code(404)),
    }
}

/// The file a request asks for, below `dist/`; `None` where it would lead out.
fn path_of(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = unescaped(path)?;
    // A colon may name a drive.
    let inside = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':']);
    match path.as_str() {
        "" => Some("index.html".into()),
        path => path.split('/').all(inside).then(|| path.split('/').collect()),
    }
}

/// Percent signs resolved; `None` for what is not text.
fn unescaped(path: &str) -> Option<String> {
    let text = percent_decode_str(path).decode_utf8().ok()?;
    Some(text.into_owned()).filter(|text| !text.contains('\0'))
}

fn kind_of(path: &Path) -> &'static str {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
    match ending.to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "heic" => "image/heic",
        "webp" => "image/webp",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Opens the browser; where there is none the address was printed.
fn open(address: &str) {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else {
        Command::new("xdg-open")
    };
    let opened = command.arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if opened.is_err() {
        println!("serve: no browser could be opened; visit {address}");
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    #[track_caller]
    fn check(url: &str, want: Option<&str>) {
        assert_eq!(path_of(url), want.map(PathBuf::from), "{url}");
    }

    #[test]
    fn finds_files_below_the_folder_only() {
        check("/", Some("index.html"));
        check("/?engine=single", Some("index.html"));
        check("/assets/a.js#x", Some("assets/a.js"));
        check("/sample/a%20b.jpg", Some("sample/a b.jpg"));
        check("/sample/100%.jpg", Some("sample/100%.jpg"));
        check("/../Cargo.toml", None);
        check("/%2e%2e/Cargo.toml", None);
        check("/a%2f..%2f..%2fb", None);
        check("/a//b", None);
        check("/..%5cb", None);
        check("/%ff", None);
        check("/a%00", None);
        check("/c:/Cargo.toml", None);
    }

    /// An engine is larger than what the system holds for a connection, so that a
    /// visitor who stops reading holds up whoever answers it.
    #[test]
    fn a_visitor_who_does_not_read_keeps_nobody_waiting() {
        let dist = tempfile::tempdir().unwrap();
        std::fs::write(dist.path().join("engine.wasm"), vec![0; 32 << 20]).unwrap();
        std::fs::write(dist.path().join("small.txt"), "small").unwrap();
        let server = Server::http("127.0.0.1:0").unwrap();
        let address = server.server_addr().to_ip().unwrap();
        let folder = dist.path().to_owned();
        std::thread::spawn(move || answer_all(&server, &folder));
        let ask = |path: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
            stream
        };
        let mut slow = ask("/engine.wasm");
        slow.read_exact(&mut [0; 1]).unwrap(); // its answer has begun
        let mut text = String::new();
        ask("/small.txt").read_to_string(&mut text).unwrap();
        assert!(text.ends_with("small"), "{text}");
    }

    #[test]
    fn a_sign_is_no_digit() {
        check("/a%+5b", Some("a%+5b"));
    }
}
