//! The part of wasm-bindgen that runs after the compiler: it makes the JavaScript and the TypeScript
//! declarations beside a wasm module. As a crate of the workspace it is of the very version the module
//! was built with, which it has to be, whatever else is installed on a machine.
//!
//! `eschool-wasm-bindgen MODULE.wasm FOLDER NAME` writes `FOLDER/NAME.js`, `NAME.d.ts` and
//! `NAME_bg.wasm`.
#![expect(clippy::print_stderr, reason = "a program talks to a terminal")]

use std::path::PathBuf;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        eprintln!("usage: eschool-wasm-bindgen MODULE.wasm FOLDER NAME");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    let made = bindgen
        .input_path(PathBuf::from(module))
        .out_name(&name.to_string_lossy())
        .web(true)
        .and_then(|bindgen| bindgen.typescript(true).generate(PathBuf::from(folder)));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
