//! Windows.

mod facts;
mod family;
mod folder;
mod hold;
mod place;
mod traits;
mod usage;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::os::windows::ffi::OsStringExt;
use std::os::windows::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Child;

pub(crate) use self::family::Family;
pub(crate) use self::folder::Folder;
pub(crate) use self::hold::{
    is_in_use, let_go, lock, new_draft, open, open_alone, open_lock, remove_abandoned, remove_held, rename_free,
    rename_over, sync_names,
};
pub(crate) use self::place::{
    create_private, data_folder, is_private, make_private, mounted, share_as_usual, share_rights, temporary, volume,
};
pub(crate) use self::traits::{Traits, keeps_owner};
pub(crate) use self::usage::{Writers, a_process_uses};

/// Endings that a double-click runs, or hands to what runs them: those that mail programs on Windows keep back, and some more.
const RUN: [&str; 132] = [
    "accde",
    "ade",
    "adp",
    "app",
    "appcontent-ms",
    "appinstaller",
    "application",
    "appref-ms",
    "appx",
    "appxbundle",
    "bas",
    "bat",
    "chm",
    "cmd",
    "cnt",
    "com",
    "cpl",
    "crt",
    "csh",
    "desktopthemepackfile",
    "diagcab",
    "diagcfg",
    "diagpkg",
    "dll",
    "exe",
    "fxp",
    "gadget",
    "grp",
    "hlp",
    "hpj",
    "hta",
    "htc",
    "img",
    "inf",
    "ins",
    "iso",
    "isp",
    "its",
    "jar",
    "jnlp",
    "js",
    "jse",
    "ksh",
    "library-ms",
    "lnk",
    "mad",
    "mag",
    "mam",
    "maq",
    "mar",
    "mas",
    "mat",
    "mau",
    "mav",
    "maw",
    "mcf",
    "mda",
    "mde",
    "mdt",
    "mdw",
    "mdz",
    "msc",
    "msh",
    "msh1",
    "msh1xml",
    "msh2",
    "msh2xml",
    "mshxml",
    "msi",
    "msix",
    "msixbundle",
    "msp",
    "mst",
    "msu",
    "ocx",
    "ops",
    "osd",
    "paf",
    "pcd",
    "pif",
    "pl",
    "plg",
    "prf",
    "prg",
    "printerexport",
    "ps1",
    "ps1xml",
    "ps2",
    "ps2xml",
    "psc1",
    "psc2",
    "psd1",
    "psm1",
    "py",
    "pyc",
    "pyo",
    "pyw",
    "pyz",
    "pyzw",
    "rb",
    "reg",
    "scf",
    "scr",
    "sct",
    "search-ms",
    "searchconnector-ms",
    "settingcontent-ms",
    "shb",
    "shs",
    "sys",
    "theme",
    "themepack",
    "udl",
    "url",
    "vb",
    "vbe",
    "vbp",
    "vbs",
    "vhd",
    "vhdx",
    "vsmacros",
    "vsw",
    "webpnp",
    "website",
    "ws",
    "wsb",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xll",
    "xnk",
];

/// Reading and writing at a place, by several threads at once.
pub(crate) trait Positional {
    /// Reads what there is, up to the buffer's length; 0 only at the end.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Fills the buffer.
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()>;

    /// Writes all of it.
    fn write_all_at(&self, buf: &[u8], offset: u64) -> io::Result<()>;
}

impl Positional for File {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.seek_read(buf, offset)
    }

    fn read_exact_at(&self, mut buf: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !buf.is_empty() {
            match self.seek_read(buf, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => {
                    buf = buf.get_mut(n..).unwrap_or_default();
                    offset += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    fn write_all_at(&self, mut buf: &[u8], mut offset: u64) -> io::Result<()> {
        while !buf.is_empty() {
            match self.seek_write(buf, offset) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => {
                    buf = buf.get(n..).unwrap_or_default();
                    offset += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}

/// Reads into the first buffer that is not full; 0 only at the end. The system has no such call for several at once.
pub(crate) fn read_vectored_at(file: &File, buffers: &mut [IoSliceMut<'_>], offset: u64) -> io::Result<usize> {
    buffers.iter_mut().find(|buffer| !buffer.is_empty()).map_or(Ok(0), |buffer| file.seek_read(buffer, offset))
}

/// Writes from the first buffer that is not empty.
pub(crate) fn write_vectored_at(file: &File, buffers: &[IoSlice<'_>], offset: u64) -> io::Result<usize> {
    buffers.iter().find(|buffer| !buffer.is_empty()).map_or(Ok(0), |buffer| file.seek_write(buffer, offset))
}

/// Asks for `length` bytes of disk at once: NTFS lays them aside when the end of a file is set.
pub(crate) fn allocate(file: &File, length: u64) -> io::Result<()> {
    if length > file.metadata()?.len() { file.set_len(length) } else { Ok(()) }
}

/// Nothing: what is read back may come from memory (docs/windows.md).
pub(crate) const fn forget_cached(_file: &File) {}

/// Hands a file to the program registered for it; nothing is known of that program.
pub(crate) fn open_elsewhere(path: &Path) -> io::Result<Option<Child>> {
    kakuzuke_windows::shell::open(path).map(|()| None)
}

/// What is kept so that only this user's account on this machine opens it (DPAPI).
pub(crate) fn keep_secret(plain: &[u8]) -> io::Result<Vec<u8>> {
    kakuzuke_windows::secret::seal(plain)
}

/// What [`keep_secret`] kept.
pub(crate) fn kept_secret(kept: Vec<u8>) -> io::Result<Vec<u8>> {
    Ok(kakuzuke_windows::secret::open(&kept)?.to_vec())
}

/// Where programs for people are: by name, or where their installers put them.
pub(crate) fn program(name: &str) -> PathBuf {
    let installed = ["ProgramFiles", "ProgramFiles(x86)"].into_iter().filter_map(std::env::var_os);
    let mut places =
        installed.map(|root| PathBuf::from(root).join("LibreOffice/program").join(name).with_extension("exe"));
    places.find(|place| place.is_file()).unwrap_or_else(|| PathBuf::from(name))
}

/// A folder as an address for other programs.
pub(crate) fn file_url(folder: &Path) -> String {
    let text = folder.to_string_lossy().replace('\\', "/");
    let plain = text.strip_prefix("//?/").unwrap_or(&text);
    format!("file:///{}", plain.trim_start_matches('/'))
}

/// Whether opening a file by that name would run it.
pub(crate) fn would_run(name: &OsStr) -> bool {
    let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| RUN.contains(&ending.as_str()))
}

/// A name from its bytes, as `as_encoded_bytes` gave them: UTF-8 in which half a surrogate pair stands as three bytes, too.
pub(crate) fn name_from(bytes: Vec<u8>) -> OsString {
    let mut wide: Vec<u16> = Vec::new();
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let (valid, after) = match std::str::from_utf8(rest) {
            Ok(text) => (text, rest.get(rest.len()..)),
            Err(error) => {
                let (head, tail) = rest.split_at_checked(error.valid_up_to()).unwrap_or((&[], rest));
                (std::str::from_utf8(head).unwrap_or_default(), Some(tail))
            }
        };
        wide.extend(valid.encode_utf16());
        rest = match after.unwrap_or_default() {
            [0xed, high @ 0xa0..=0xbf, low @ 0x80..=0xbf, more @ ..] => {
                wide.push(0xd000 | (u16::from(*high & 0x3f) << 6) | u16::from(*low & 0x3f));
                more
            }
            // Not what the system gave.
            [_, more @ ..] => {
                wide.push(0xfffd);
                more
            }
            [] => &[],
        };
    }
    OsString::from_wide(&wide)
}
