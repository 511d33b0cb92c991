//! `cargo xtask build`: both wasm packages, the page, the sample and the
//! service worker's list, all in `dist/`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::Outcome;
use crate::setup::{self, capture, root, run};

pub(crate) mod settings;
mod wasm;

use settings::WasmSettings;
use wasm::Build;

/// Most bytes (Brotli) that a wasm module may have: a second on a phone's
/// connection.
const BUDGET: u64 = 1_470_000;

/// Builds everything. A second time only what changed is made anew.
pub(crate) fn build() -> Outcome {
    setup::setup()?;
    let settings = WasmSettings::read()?;
    packages(&settings)?;
    write_declarations()?;
    page()?;
    for build in Build::ALL {
        let to = dist().join("engine").join(build.name());
        copy_folder(&build.package(), &to)?;
    }
    sample()?;
    service_worker()?;
    for size in sizes()? {
        println!("build: {:<28} {:>9} bytes, {:>7} with Brotli", size.name, size.raw, size.packed);
    }
    Ok(())
}

/// Both wasm packages, side by side: most of each is one thread that links.
fn packages(settings: &WasmSettings) -> Outcome {
    let made = std::thread::scope(|scope| {
        let started = Build::ALL.map(|build| scope.spawn(move || wasm::package(build, settings)));
        started.map(|thread| thread.join().unwrap_or_else(|_| Err("a build panicked".into())))
    });
    made.into_iter().collect()
}

/// Where the built page is.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Fails if the committed declarations are not those of `crate/wasm`. Call it
/// after [`build`], which writes them anew.
pub(crate) fn types_unchanged() -> Outcome {
    let mut git = Command::new("git");
    git.args(["diff", "--exit-code", "--", "www/src/engine/generated"]).current_dir(root());
    run(&mut git).map_err(|_| "the generated types changed: commit www/src/engine/generated".into())
}

/// Fails if a wasm module is larger than a page should load.
pub(crate) fn within_budget() -> Outcome {
    let over = sizes()?.into_iter().find(|size| size.wasm && size.packed > BUDGET);
    match over {
        Some(Size { name, packed, .. }) => {
            Err(format!("{name} has {packed} bytes with Brotli; the budget is {BUDGET}"))
        }
        None => Ok(()),
    }
}

/// How large one downloaded file is.
struct Size {
    name: String,
    raw: u64,
    packed: u64,
    wasm: bool,
}

/// Both modules, and the page's own code and style.
fn sizes() -> Outcome<Vec<Size>> {
    let files = files_below(&dist())?.into_iter();
    let code = |name: &String| {
        let ends = |ending: &str| name.ends_with(ending);
        (name.starts_with("engine/") && ends(".wasm"))
            || (name.starts_with("assets/") && (ends(".js") || ends(".css")))
    };
    files.filter(code).map(size_of).collect()
}

fn size_of(name: String) -> Outcome<Size> {
    const PACK: &str = "const z=require('zlib');process.stdout.write(String(\
        z.brotliCompressSync(require('fs').readFileSync(process.argv[1])).length))";
    let path = dist().join(&name);
    let raw = path.metadata().map_err(saying(&path))?.len();
    let packed = capture(Command::new("node").args(["-e", PACK]).arg(&path))?;
    let packed = packed.parse().map_err(|_| format!("{name}: its packed size is unknown"))?;
    let wasm = name.ends_with(".wasm");
    Ok(Size { name, raw, packed, wasm })
}

/// Writes the generated declarations only where they changed.
fn write_declarations() -> Outcome {
    let path = root().join("www/src/engine/generated/heirloom.d.ts");
    let text = wasm::declarations()?;
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(saying(folder))?;
    }
    fs::write(&path, text).map_err(saying(&path))
}

fn page() -> Outcome {
    println!("build: the page");
    let vite = root().join("www/node_modules/vite/bin/vite.js");
    let mut command = Command::new("node");
    command.arg(vite).args(["build", "--logLevel", "warn"]);
    run(command.current_dir(root().join("www")))
}

/// The sample chat, made anew when this program (which holds its recipe)
/// changed.
fn sample() -> Outcome {
    let made = root().join("target/sample");
    let changed = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
    let program = std::env::current_exe().ok().and_then(|path| changed(&path));
    let list = changed(&made.join("list.json"));
    if list.is_none() || list < program {
        println!("build: the sample chat");
        if made.exists() {
            fs::remove_dir_all(&made).map_err(saying(&made))?;
        }
        fs::create_dir_all(&made).map_err(saying(&made))?;
        heirloom_media::sample::write(&made)?;
    }
    copy_folder(&made, &dist().join("sample"))
}

/// Puts the list of files and its version in front of the service worker. The
/// sample is not in it: it is kept when it is first wanted.
fn service_worker() -> Outcome {
    let path = dist().join("sw.js");
    let own = fs::read_to_string(&path).map_err(saying(&path))?;
    let wanted = |name: &String| name != "sw.js" && !name.starts_with("sample/");
    let files: Vec<String> = files_below(&dist())?.into_iter().filter(wanted).collect();
    let version = version(&files, &own)?;
    let build = json!({ "version": version, "files": files });
    fs::write(&path, format!("const BUILD = {build};\n{own}")).map_err(saying(&path))
}

/// Sixteen hex digits that change with any file: FNV-1a, which is ample for
/// telling versions apart.
fn version(files: &[String], worker: &str) -> Outcome<String> {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut take = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for name in files {
        let path = dist().join(name);
        take(name.as_bytes());
        take(&fs::read(&path).map_err(saying(&path))?);
    }
    take(worker.as_bytes());
    Ok(format!("{hash:016x}"))
}

fn copy_folder(from: &Path, to: &Path) -> Outcome {
    let wanted = |name: &String| !name.ends_with(".d.ts") && name != "stamp";
    for name in files_below(from)?.into_iter().filter(wanted) {
        let target = to.join(&name);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(saying(folder))?;
        }
        fs::copy(from.join(&name), &target).map_err(saying(&target))?;
    }
    Ok(())
}

/// Every file below a folder, by its path from there with `/`, sorted.
fn files_below(folder: &Path) -> Outcome<Vec<String>> {
    fn walk(folder: &Path, above: &str, found: &mut Vec<String>) -> Outcome {
        for entry in fs::read_dir(folder).map_err(saying(folder))? {
            let entry = entry.map_err(saying(folder))?;
            let name = format!("{above}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found)?;
            } else {
                found.push(name);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    found.sort();
    Ok(found)
}

/// An I/O error with the path it is about.
pub(crate) fn saying(path: &Path) -> impl Fn(io::Error) -> String + '_ {
    move |error| format!("{}: {error}", path.display())
}
