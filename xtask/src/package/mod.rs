//! `cargo xtask npm`: makes the npm package `@eschool/core` in the target folder.
//!
//! `toolchain` sees to what that takes, `declarations` makes the TypeScript declarations read as if
//! somebody had written them.

mod declarations;
mod toolchain;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::OnceLock;

use crate::command;
use crate::npm;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// Make the npm package @eschool/core in the target folder.
///
/// What is needed and missing is installed: the source of Rust's own library by rustup (or by apt-get,
/// where rustup offers none), binaryen by apt-get, TypeScript by npm.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {}

/// Where its sources, its tests and what npm installs for them lie.
pub(crate) const HOME: &str = "bindings/wasm";
/// The oldest Node the package runs in.
pub(crate) const OLDEST_NODE: u32 = 20;

/// Runs the chore to its exit code.
pub(crate) fn run(workspace: &Workspace) -> ExitCode {
    match make(workspace) {
        Ok(package) => {
            println!("{}", package.told());
            ExitCode::SUCCESS
        }
        Err(stop) => {
            eprintln!("error: {}", stop.reason());
            ExitCode::FAILURE
        }
    }
}

/// The package that was made.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// The `PATH` that finds a Node which runs it.
    pub(crate) path: OsString,
    /// What a page downloads, entry by entry.
    pub(crate) sizes: Vec<Size>,
}

/// What a page downloads for an entry, compressed by gzip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) entry: &'static str,
    pub(crate) bytes: u64,
    /// What it may be.
    pub(crate) most: u64,
}

impl Package {
    fn told(&self) -> String {
        let told = |size: &Size| format!("{} {:.1} kB", size.entry, size.bytes as f64 / 1000.0);
        let sizes: Vec<_> = self.sizes.iter().map(told).collect();
        format!("{}; compressed by gzip: {}", self.folder.display(), sizes.join(", "))
    }
}

/// The package as this run makes it: when it is first asked for, and once.
///
/// # Errors
/// As [`make`].
pub(crate) fn made(workspace: &Workspace) -> Result<&'static Package, Stop> {
    static MADE: OnceLock<Result<Package, Stop>> = OnceLock::new();
    MADE.get_or_init(|| make(workspace)).as_ref().map_err(Stop::clone)
}

/// Sees to what it takes, and makes it.
///
/// # Errors
/// [`Stop::Skipped`] for what the machine lacks, else what went wrong.
pub(crate) fn make(workspace: &Workspace) -> Result<Package, Stop> {
    let home = workspace.root().join(HOME);
    let path = npm::provide(OLDEST_NODE, &workspace.target().join("tools"))?;
    npm::install(&home, &path)?;
    let tools = toolchain::provide()?;

    let work = workspace.target().join("npm");
    let (stage, folder) = (work.join("stage"), work.join("core"));
    for made in [&stage, &folder] {
        remove(made)?;
        fs::create_dir_all(made).map_err(|error| failed(made, &error))?;
    }
    let wasm = stage.join("wasm");
    fs::create_dir_all(&wasm).map_err(|error| failed(&wasm, &error))?;
    for (name, features) in [("checks", None), ("whole", Some("whole"))] {
        println!("building the wasm module `{name}`");
        let module = tools.build(workspace, features)?;
        let mut bindgen = workspace.cargo();
        bindgen.args(["run", "--quiet", "--package", "eschool-wasm-bindgen", "--"]);
        command::run(bindgen.arg(module).arg(&wasm).arg(name))?;
        shrink(&wasm.join(format!("{name}_bg.wasm")))?;
    }
    copy_all(&home.join("ts"), &stage)?;
    let shipped = declare(&stage)?;
    fs::copy(home.join("tsconfig.json"), stage.join("tsconfig.json"))
        .map_err(|error| failed(&stage, &error))?;
    write(&stage.join("package.json"), "{ \"type\": \"module\" }\n")?;
    let mut tsc = npm::node(&path);
    tsc.arg(home.join("node_modules/typescript/bin/tsc")).arg("--project").arg(&stage);
    tsc.arg("--outDir").arg(&folder).arg("--typeRoots").arg(home.join("node_modules/@types"));
    command::run(&mut tsc)?;
    minify(&home, &path, &wasm, &folder)?;
    write(&folder.join("wasm/whole.d.ts"), &shipped)?;
    without_rust(&folder)?;
    for name in ["README.md", "npm.json"] {
        let to = if name == "npm.json" { "package.json" } else { name };
        fs::copy(home.join(name), folder.join(to)).map_err(|error| failed(&home, &error))?;
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(workspace.root().join(name), folder.join(name))
            .map_err(|error| failed(&folder, &error))?;
    }
    let sizes = sizes(&home, &path, &folder)?;
    Ok(Package { folder, path, sizes })
}

/// Puts what tells TypeScript of the modules beside what is compiled; what callers are told of them.
fn declare(stage: &Path) -> Result<String, Stop> {
    let mut shipped = String::new();
    for name in ["checks", "whole"] {
        let told = stage.join("wasm").join(format!("{name}.d.ts"));
        let raw = fs::read_to_string(&told).map_err(|error| failed(&told, &error))?;
        let declared = declarations::polished(&raw);
        write(&told, &declared.own)?;
        if name == "whole" {
            write(&stage.join("codes.ts"), &declarations::codes(&raw))?;
            shipped = declared.shipped;
        }
    }
    Ok(shipped)
}

/// Declarations that no caller comes to: an entry for Node is told by the one for browsers.
const UNTOLD: [&str; 3] = ["bound.d.ts", "checks.node.d.ts", "index.node.d.ts"];

/// Takes away what is not to be told, and looks for what is left of Rust.
fn without_rust(folder: &Path) -> Outcome {
    for name in UNTOLD {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
    }
    let mut declared = Vec::new();
    for part in ["", "wasm"] {
        for name in names(&folder.join(part))?.into_iter().filter(|name| name.ends_with(".d.ts")) {
            let path = folder.join(part).join(&name);
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
            declared.push((name, text));
        }
    }
    match declarations::rust_left(&declared) {
        left if left.is_empty() => Ok(()),
        left => Err(Stop::Failed(format!("declarations speak Rust:\n{}", left.join("\n")))),
    }
}

/// The entries, their modules, and how many compressed bytes each may have.
const ENTRIES: [(&str, &str, u64); 2] =
    [("checks", "checks.js", 30_000), ("whole", "index.js", 120_000)];

/// Compressed as a web server does it, file by file: all that a page downloads for an entry.
fn sizes(home: &Path, path: &OsStr, folder: &Path) -> Result<Vec<Size>, Stop> {
    let mut sizes = Vec::new();
    for (entry, module, most) in ENTRIES {
        let mut node = npm::node(path);
        node.current_dir(home).arg("size.mjs").arg(folder.join(module));
        let said = command::read(&mut node)?;
        let bytes = said.trim().parse();
        let bytes = bytes.map_err(|_| Stop::Failed(format!("no size of `{entry}`: {said}")))?;
        sizes.push(Size { entry, bytes, most });
    }
    Ok(sizes)
}

/// Makes a module as small as binaryen can.
fn shrink(module: &Path) -> Outcome {
    let mut optimise = Command::new("wasm-opt");
    // What every browser of the last three years has, and the compiler uses.
    optimise.args(["-Oz", "--strip-debug", "--strip-producers"]);
    // Nothing is put into another function: that makes a module a little shorter, but of functions with
    // many variables, and no two of these compress alike.
    for most in ["always", "flexible", "one-caller"] {
        optimise.arg(format!("--{most}-inline-max-function-size")).arg("0");
    }
    for feature in
        ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "sign-ext"]
    {
        optimise.arg(format!("--enable-{feature}"));
    }
    command::run(optimise.arg(module).arg("-o").arg(module))
}

/// Puts the modules into the package without their comments and their spaces: what is to be read are
/// the declarations.
fn minify(home: &Path, path: &OsStr, wasm: &Path, folder: &Path) -> Outcome {
    let to = folder.join("wasm");
    fs::create_dir_all(&to).map_err(|error| failed(&to, &error))?;
    for name in ["checks", "whole"] {
        for file in [format!("{name}.js"), format!("{name}_bg.wasm")] {
            fs::copy(wasm.join(&file), to.join(&file)).map_err(|error| failed(&to, &error))?;
        }
    }
    let script = "const { readdirSync } = require('fs'); const folder = process.argv[1];\
        const modules = (part) => readdirSync(folder + part).filter((file) => file.endsWith('.js'))\
        .map((file) => folder + part + file);\
        require('esbuild').buildSync({ entryPoints: [...modules('/'), ...modules('/wasm/')],\
        outdir: folder, outbase: folder, minify: true, allowOverwrite: true, logLevel: 'warning' })";
    let mut esbuild = npm::node(path);
    command::run(esbuild.current_dir(home).args(["-e", script, "--"]).arg(folder))
}

fn copy_all(from: &Path, to: &Path) -> Outcome {
    for name in names(from)? {
        fs::copy(from.join(&name), to.join(&name)).map_err(|error| failed(to, &error))?;
    }
    Ok(())
}

/// The names of what lies in a folder, in order.
fn names(folder: &Path) -> Result<Vec<String>, Stop> {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.map_err(|error| failed(folder, &error))?;
        Ok(entry.file_name().to_string_lossy().into_owned())
    };
    let mut names: Vec<_> = entries.map(name).collect::<Result<_, Stop>>()?;
    names.sort();
    Ok(names)
}

fn remove(folder: &Path) -> Outcome {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(folder, &error)),
        _ => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("{}: {error}", path.display()))
}
