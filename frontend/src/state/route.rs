//! Addresses of the console's pages.

/// A page, with what its address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// What needs a person, who uses most, and what changed.
    Overview,
    /// All containers.
    Containers,
    /// All hosts.
    Hosts,
    /// One host.
    Host(String),
    /// One container: host, id, and the part of its page.
    Container {
        /// Where it is.
        host: String,
        /// Which it is.
        id: String,
        /// The part of its page; `None` for the first.
        tab: Option<String>,
    },
    /// Settings.
    Settings,
    /// An address that leads nowhere.
    Missing,
}

impl Route {
    /// The page at that path; the bare address is the overview's.
    pub(crate) fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match *parts.as_slice() {
            [] | ["overview"] => Self::Overview,
            ["containers"] => Self::Containers,
            ["hosts"] => Self::Hosts,
            ["hosts", host] => Self::Host(decode(host)),
            ["hosts", host, "containers", id] => Self::container(host, id, None),
            ["hosts", host, "containers", id, tab] => Self::container(host, id, Some(decode(tab))),
            ["settings"] => Self::Settings,
            _ => Self::Missing,
        }
    }

    fn container(host: &str, id: &str, tab: Option<String>) -> Self {
        Self::Container {
            host: decode(host),
            id: decode(id),
            tab,
        }
    }
}

/// The parameters of a query string without its question mark, decoded.
pub(crate) fn parameters(search: &str) -> Vec<(String, String)> {
    search
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                decode(&name.replace('+', " ")),
                decode(&value.replace('+', " ")),
            )
        })
        .collect()
}

/// Resolves percent-encoding (RFC 3986); what is not valid stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_has_its_address() {
        let container = |tab: Option<&str>| Route::Container {
            host: "local".to_owned(),
            id: "ab12".to_owned(),
            tab: tab.map(str::to_owned),
        };
        for (path, route) in [
            ("/", Route::Overview),
            ("/overview", Route::Overview),
            ("/containers", Route::Containers),
            ("/containers/", Route::Containers),
            ("/hosts", Route::Hosts),
            ("/hosts/local", Route::Host("local".to_owned())),
            ("/hosts/local/containers/ab12", container(None)),
            (
                "/hosts/local/containers/ab12/events",
                container(Some("events")),
            ),
            ("/settings", Route::Settings),
            ("/hosts/local/containers", Route::Missing),
            ("/images", Route::Missing),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
    }

    #[test]
    fn parameters_are_decoded_and_nonsense_is_kept() {
        let pairs = |search: &str| {
            parameters(search)
                .into_iter()
                .map(|(n, v)| format!("{n}:{v}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            pairs("q=a%26b%3Dc+d%2F%C3%A9&live=0"),
            ["q:a&b=c d/é", "live:0"]
        );
        assert_eq!(pairs(""), Vec::<String>::new());
        assert_eq!(pairs("a&=b&%=%zz&é=%é"), ["a:", ":b", "%:%zz", "é:%é"]);
    }
}
