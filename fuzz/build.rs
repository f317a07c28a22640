//! Compiles the random calls of the C library for the target `calls`.

fn main() {
    let source = "../ffi/tests/c/calls.c";
    println!("cargo:rerun-if-changed={source}");
    println!("cargo:rerun-if-changed=../ffi/include/kakuzuke.h");
    cc::Build::new().file(source).include("../ffi/include").define("KKZ_FUZZ", None).flag("-std=c11").compile("calls");
}
