//! `cargo xtask build`: both wasm packages, the page, the sample and the
//! service worker's list, all in `dist/`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::Outcome;
use crate::beside::side_by_side;
use crate::notices;
use crate::setup::{self, capture, root, run};

pub(crate) mod settings;
mod tools;
mod wasm;

use settings::WasmSettings;
use wasm::Build;

/// Most bytes (Brotli) that a wasm module may have: a second and a half on a phone's
/// connection. The engine of two jobs with the decoders of videos; 2.1 MB is what four are to
/// have.
const BUDGET: u64 = 2_300_000;

/// What the packages are made for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    /// Trying and testing: compiled in a fraction of the time, nearly as fast, not small.
    Quick,
    /// Visitors: as small as it gets.
    Shipped,
}

/// Builds everything. A second time only what changed is made anew.
pub(crate) fn build(grade: Grade) -> Outcome {
    let settings = WasmSettings::read()?;
    setup::rust_target()?;
    setup::nightly(&settings.threads_toolchain)?;
    side_by_side(&[
        ("the page", &page),
        ("the sample chat", &sample),
        ("the engine on one thread", &|| wasm::compile(Build::Single, grade, &settings)),
        ("the engine on all cores", &|| wasm::compile(Build::Threads, grade, &settings)),
    ])?;
    side_by_side(&[
        ("packaging one", &|| wasm::package(Build::Single, grade)),
        ("packaging the other", &|| wasm::package(Build::Threads, grade)),
    ])?;
    write_declarations(grade)?;
    assemble(grade, &Build::ALL)?;
    if grade == Grade::Shipped {
        for size in sizes()? {
            println!(
                "build: {:<28} {:>9} bytes, {:>7} with Brotli",
                size.name, size.raw, size.packed
            );
        }
    }
    Ok(())
}

/// The page with its sample and the engine that every browser can run: what a
/// first visitor needs, and no more.
pub(crate) fn first_page() -> Outcome {
    let settings = WasmSettings::read()?;
    setup::rust_target()?;
    side_by_side(&[
        ("the page", &page),
        ("the sample chat", &sample),
        ("the engine on one thread", &|| wasm::compile(Build::Single, Grade::Quick, &settings)),
    ])?;
    wasm::package(Build::Single, Grade::Quick)?;
    write_declarations(Grade::Quick)?;
    assemble(Grade::Quick, &[Build::Single])
}

/// What [`first_page`] left out; the page may be open meanwhile.
pub(crate) fn second_engine() -> Outcome {
    let settings = WasmSettings::read()?;
    setup::nightly(&settings.threads_toolchain)?;
    wasm::compile(Build::Threads, Grade::Quick, &settings)?;
    wasm::package(Build::Threads, Grade::Quick)?;
    place_engine(Build::Threads, Grade::Quick)?;
    service_worker()
}

/// Whether an earlier run made both engines, so that building them again takes
/// seconds.
pub(crate) fn was_made(grade: Grade) -> bool {
    Build::ALL.iter().all(|build| build.package(grade).join("stamp").exists())
}

/// Puts engines and sample beside the page in `dist/`, and lists all of it for
/// the service worker.
fn assemble(grade: Grade, builds: &[Build]) -> Outcome {
    for build in builds {
        place_engine(*build, grade)?;
    }
    place(&root().join("target/sample"), &dist().join("sample"))?;
    notices::write(notices::Shipped::Page, &dist().join("licences.txt"))?;
    service_worker()
}

fn place_engine(build: Build, grade: Grade) -> Outcome {
    place(&build.package(grade), &dist().join("engine").join(build.name()))
}

/// Copies a folder so that a page which is open never sees half of it.
fn place(from: &Path, to: &Path) -> Outcome {
    let beside = to.with_extension("new");
    for old in [&beside, &to.to_owned()] {
        if old.exists() {
            fs::remove_dir_all(old).map_err(saying(old))?;
        }
        if *old == beside {
            copy_folder(from, &beside)?;
        }
    }
    fs::rename(&beside, to).map_err(saying(to))
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

/// Fails if a wasm module, made for visitors, is larger than a page should load.
pub(crate) fn within_budget() -> Outcome {
    build(Grade::Shipped)?;
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
fn write_declarations(grade: Grade) -> Outcome {
    let path = root().join("www/src/engine/generated/heirloom.d.ts");
    let text = wasm::declarations(grade)?;
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(saying(folder))?;
    }
    fs::write(&path, text).map_err(saying(&path))
}

/// The page itself, from which `dist/` begins anew.
fn page() -> Outcome {
    setup::packages()?;
    let vite = root().join("www/node_modules/vite/bin/vite.js");
    let mut command = Command::new("node");
    command.arg(vite).args(["build", "--logLevel", "warn"]);
    run(command.current_dir(root().join("www")))
}

/// The sample chat, made anew when the program that holds its recipe changed.
/// Compiles the packager too: in one command both share what they need.
fn sample() -> Outcome {
    tools::compile()?;
    let program = tools::path("make-case");
    let made = root().join("target/sample");
    let changed = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
    let list = changed(&made.join("list.json"));
    if list.is_some() && list > changed(&program) {
        return Ok(());
    }
    if made.exists() {
        fs::remove_dir_all(&made).map_err(saying(&made))?;
    }
    fs::create_dir_all(&made).map_err(saying(&made))?;
    run(Command::new(program).arg("page-sample").arg(&made))
}

/// Puts the list of files and its version in front of the service worker. The
/// sample is not in it: it is kept when it is first wanted.
fn service_worker() -> Outcome {
    const HEAD: &str = "const BUILD = ";
    let path = dist().join("sw.js");
    let text = fs::read_to_string(&path).map_err(saying(&path))?;
    let own = match text.split_once('\n') {
        Some((head, own)) if head.starts_with(HEAD) => own,
        _ => text.as_str(),
    };
    let wanted = |name: &String| name != "sw.js" && !name.starts_with("sample/");
    let files: Vec<String> = files_below(&dist())?.into_iter().filter(wanted).collect();
    let version = version(&files, own)?;
    let build = json!({ "version": version, "files": files });
    fs::write(&path, format!("{HEAD}{build};\n{own}")).map_err(saying(&path))
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
