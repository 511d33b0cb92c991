//! `cargo xtask serve`: builds, then serves `dist/` to this computer only, with
//! the headers that threads need.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tiny_http::{Header, Method, Request, Response, Server};

use crate::Outcome;
use crate::build::{self, dist};

/// What a page needs to share memory between its workers.
const ISOLATION: [(&str, &str); 4] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
];

/// Builds and serves until it is stopped.
pub(crate) fn serve(port: u16, no_open: bool) -> Outcome {
    build::build()?;
    let server = Server::http(("127.0.0.1", port));
    let server = server.map_err(|error| format!("port {port} could not be used: {error}"))?;
    let address = format!("http://127.0.0.1:{port}/");
    println!("serve: Heirloom is at {address} (Ctrl+C ends it)");
    if !no_open {
        open(&address);
    }
    let dist = dist();
    for request in server.incoming_requests() {
        // A visitor who hung up is no reason to stop.
        let _gone = answer(request, &dist);
    }
    Ok(())
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
    let inside =
        |part: &str| !part.is_empty() && part != ".." && part != "." && !part.contains('\\');
    match path.as_str() {
        "" => Some("index.html".into()),
        path => path.split('/').all(inside).then(|| path.split('/').collect()),
    }
}

/// Percent signs resolved; `None` for what is not text.
fn unescaped(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'%');
        match digits {
            Some(digits) => {
                bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
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
        check("/../Cargo.toml", None);
        check("/%2e%2e/Cargo.toml", None);
        check("/a%2f..%2f..%2fb", None);
        check("/a//b", None);
        check("/..%5cb", None);
        check("/%zz", None);
    }
}
