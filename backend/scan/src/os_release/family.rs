//! The distributions that are known by name.

macro_rules! families {
    ($($name:ident $title:literal $($id:literal)*;)*) => {
        /// A distribution.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Family {
            $(#[doc = concat!($title, ".")] $name,)*
            /// One that is not known by name.
            Other,
        }

        impl Family {
            /// Every distribution that is known by name.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The distribution that writes this `ID` into os-release.
            #[must_use]
            pub fn of_id(id: &str) -> Option<Self> {
                match id {
                    $($($id => Some(Self::$name),)*)*
                    _ => None,
                }
            }

            /// Its name for people.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                    Self::Other => "unknown distribution",
                }
            }
        }
    };
}

families! {
    Alpaquita "Alpaquita" "alpaquita";
    Alpine "Alpine" "alpine";
    AlmaLinux "AlmaLinux" "almalinux";
    Amazon "Amazon Linux" "amzn";
    ArchLinux "Arch Linux" "arch" "archlinux";
    AzureLinux "Azure Linux" "azurelinux";
    Bottlerocket "Bottlerocket" "bottlerocket";
    BusyBox "BusyBox" "busybox";
    CentOs "CentOS" "centos";
    Chainguard "Chainguard" "chainguard";
    Debian "Debian" "debian";
    Echo "Echo" "echo";
    Fedora "Fedora" "fedora";
    Flatcar "Flatcar" "flatcar";
    Gentoo "Gentoo" "gentoo";
    Hummingbird "Hummingbird" "hummingbird";
    Mageia "Mageia" "mageia";
    Mariner "CBL-Mariner" "mariner";
    MinimOs "MinimOS" "minimos";
    OpenEuler "openEuler" "openEuler" "openeuler";
    OpenSuseLeap "openSUSE Leap" "opensuse-leap" "opensuse";
    OpenSuseMicro "openSUSE Leap Micro" "opensuse-leap-micro";
    OpenSuseTumbleweed "openSUSE Tumbleweed" "opensuse-tumbleweed";
    OpenWrt "OpenWrt" "openwrt";
    OracleLinux "Oracle Linux" "ol" "oracle";
    Photon "Photon OS" "photon";
    PostmarketOs "postmarketOS" "postmarketos";
    Raspbian "Raspbian" "raspbian";
    RedHat "Red Hat Enterprise Linux" "rhel" "redhat";
    RockyLinux "Rocky Linux" "rocky" "rockylinux";
    Scientific "Scientific Linux" "scientific";
    SecureOs "SecureOS" "secureos";
    SuseEnterprise "SUSE Linux Enterprise" "sles" "sled" "sle_hpc" "sles_sap";
    SuseMicro "SUSE Linux Enterprise Micro" "sle-micro" "sl-micro" "suse-microos";
    Ubuntu "Ubuntu" "ubuntu";
    Wolfi "Wolfi" "wolfi";
}
