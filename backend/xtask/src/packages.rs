//! The programs that tests need besides Rust: a Docker Engine, network tools, and a browser.

use crate::cargo::run;
use anyhow::{Result, bail};
use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

/// A program and the Debian package that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Need {
    package: &'static str,
    program: &'static str,
    /// Whether only this package will do: another one's busybox is not linked statically and cannot be an image of its own.
    only: bool,
}

const NEEDS: &[Need] = &[
    Need {
        package: "docker.io",
        program: "dockerd",
        only: false,
    },
    Need {
        package: "iproute2",
        program: "ip",
        only: false,
    },
    Need {
        package: "iptables",
        program: "iptables",
        only: false,
    },
    Need {
        package: "busybox-static",
        program: "busybox",
        only: true,
    },
    Need {
        package: "chromium",
        program: "chromium",
        only: false,
    },
    Need {
        package: "chromium-driver",
        program: "chromedriver",
        only: false,
    },
];

/// Sees that everything is there, and installs what is not where that is allowed: as root, where there is apt-get.
pub(crate) fn ensure() -> Result<()> {
    let missing: Vec<Need> = NEEDS
        .iter()
        .copied()
        .filter(|need| !is_there(*need))
        .collect();
    let may_install = rustix::process::geteuid().is_root();
    match remedy(&missing, finds("apt-get"), may_install) {
        Remedy::Nothing => Ok(()),
        Remedy::Ask(sentence) => bail!(sentence),
        Remedy::Install(packages) => {
            println!("    installing with apt-get: {}", packages.join(" "));
            let advice = "look at what apt-get says above";
            run(apt_get().arg("update"), advice)?;
            run(
                apt_get()
                    .args(["install", "--yes", "--no-install-recommends"])
                    .args(packages),
                advice,
            )
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Remedy {
    Nothing,
    Install(Vec<&'static str>),
    Ask(String),
}

fn remedy(missing: &[Need], has_apt: bool, may_install: bool) -> Remedy {
    let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
    let list = packages.join(" ");
    match (missing, has_apt, may_install) {
        ([], _, _) => Remedy::Nothing,
        (_, true, true) => Remedy::Install(packages),
        (_, true, false) => Remedy::Ask(format!(
            "tests need packages that are not installed; install them with: sudo apt-get install --no-install-recommends {list}"
        )),
        (_, false, _) => {
            let programs: Vec<_> = missing.iter().map(|need| need.program).collect();
            Remedy::Ask(format!(
                "tests need programs that are not on PATH: {}; install them (Debian's packages: {list})",
                programs.join(", ")
            ))
        }
    }
}

fn is_there(need: Need) -> bool {
    if need.only && finds("dpkg-query") {
        let output = Command::new("dpkg-query")
            .args(["--show", "--showformat=${db:Status-Status}", need.package])
            .output();
        return output.is_ok_and(|output| output.stdout == b"installed");
    }
    finds(need.program)
}

/// Whether a program is on PATH or where daemons are, which is not on every user's PATH.
fn finds(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([Path::new("/usr/sbin").into(), Path::new("/sbin").into()])
        .any(|folder| folder.join(program).is_file())
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_missing_needs_nothing() {
        assert_eq!(remedy(&[], true, true), Remedy::Nothing);
    }

    #[test]
    fn root_on_a_debian_installs_exactly_what_is_missing() {
        assert_eq!(
            remedy(&NEEDS[..2], true, true),
            Remedy::Install(vec!["docker.io", "iproute2"])
        );
    }

    #[test]
    fn who_may_not_install_is_told_the_command() {
        let Remedy::Ask(sentence) = remedy(&NEEDS[4..], true, false) else {
            panic!("it asks")
        };
        assert!(
            sentence
                .ends_with("sudo apt-get install --no-install-recommends chromium chromium-driver"),
            "{sentence}"
        );
    }

    #[test]
    fn elsewhere_the_programs_are_named() {
        let Remedy::Ask(sentence) = remedy(&NEEDS[..1], false, true) else {
            panic!("it asks")
        };
        assert!(
            sentence.contains("dockerd") && sentence.contains("docker.io"),
            "{sentence}"
        );
    }
}
