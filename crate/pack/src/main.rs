//! `heirloom-pack MODULE FOLDER NAME`: the JavaScript around a compiled module.
//!
//! A program of its own, so that `cargo xtask` need not wait for the generator
//! to be compiled; its version is the one of the crate `wasm-bindgen`, by
//! `Cargo.lock`.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.as_slice() {
        [module, folder, name] => pack(module, folder, name),
        _ => Err("usage: heirloom-pack MODULE FOLDER NAME".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("heirloom-pack: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn pack(module: &str, folder: &str, name: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // The module lies beside its JavaScript, which shall find it there.
    bindgen.input_path(module).out_name(name).typescript(true).omit_default_module_path(false);
    let made = bindgen.web(true).and_then(|bindgen| bindgen.generate(folder));
    made.map_err(|error| format!("{module}: {error:#}"))
}
