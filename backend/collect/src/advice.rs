//! What went wrong with an engine and what to do about it, as sentences for people.

use crate::error::Error;
use crate::place::{Endpoint, Place};
use std::io::ErrorKind;

/// Why no engine was found at a place.
pub(crate) fn not_found(place: &Place, error: &Error) -> String {
    let podman = place.source.contains("Podman");
    let (who, start) = match podman {
        true => ("Podman", "systemctl --user start podman.socket"),
        false => ("the Docker Engine", "sudo systemctl start docker"),
    };
    match (error, &place.endpoint) {
        (Error::Connect { source, .. }, Endpoint::Unix(_)) => match source.kind() {
            ErrorKind::NotFound => format!(
                "There is no such socket: is {who} running? Start it with “{start}”, or set DOCKER_HOST to where it is."
            ),
            ErrorKind::PermissionDenied if podman => {
                "Permission denied: this socket belongs to another user. Start Plimsoll as that user.".to_owned()
            }
            ErrorKind::PermissionDenied => {
                "Permission denied: add your user to the group docker with “sudo usermod -aG docker $USER”, log in again, and start Plimsoll again."
                    .to_owned()
            }
            ErrorKind::ConnectionRefused => format!(
                "The socket is there, but nobody listens: {who} has stopped. Start it with “{start}”."
            ),
            _ => format!("The socket cannot be opened: {source}."),
        },
        (Error::Connect { source, .. }, Endpoint::Tcp(authority)) => match source.kind() {
            ErrorKind::ConnectionRefused => format!(
                "Connection refused: nothing listens on {authority}. Start the engine there, or check address and port."
            ),
            _ => format!("{authority} cannot be reached: {source}. Check address, network and firewall."),
        },
        (Error::Slow { seconds, .. }, _) => format!(
            "No answer within {seconds} s: something listens there but says nothing. Check that the engine is well, or restart it."
        ),
        (Error::Refused { status, message, .. }, _) => match message.is_empty() {
            true => format!("The engine answered with status {status}. Look into its log."),
            false => format!("The engine answered with status {status}: {message}"),
        },
        (Error::Broken { .. } | Error::Unreadable { .. } | Error::TooLarge { .. } | Error::Closed { .. }, _) => format!(
            "Something answers there, but not with the Docker Engine API ({}). Check the address.",
            error.chain()
        ),
    }
}

/// Why an engine that was watched is lost.
pub(crate) fn lost(error: &Error) -> String {
    match error {
        Error::Closed { .. } | Error::Broken { .. } => {
            "The engine closed the connection: it has stopped or is being restarted.".to_owned()
        }
        Error::Connect { source, .. } => {
            format!("The engine cannot be reached any more: {source}.")
        }
        Error::Slow { seconds, .. } => {
            format!(
                "The engine did not answer within {seconds} s: it hangs or the machine is overloaded."
            )
        }
        Error::Refused {
            status, message, ..
        } => {
            format!("The engine refused to answer with status {status}: {message}")
        }
        Error::TooLarge { .. } | Error::Unreadable { .. } => {
            format!(
                "The engine answered with something that is not the Docker Engine API: {}.",
                error.chain()
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(source: &str, kind: ErrorKind) -> String {
        let endpoint = Endpoint::Unix("/x.sock".into());
        let place = Place {
            endpoint: endpoint.clone(),
            source: source.to_owned(),
        };
        let source = std::io::Error::from(kind);
        not_found(&place, &Error::Connect { endpoint, source })
    }

    #[test]
    fn each_problem_says_what_to_do() {
        assert!(said("default socket", ErrorKind::PermissionDenied).contains("usermod -aG docker"));
        assert!(said("default socket", ErrorKind::NotFound).contains("systemctl start docker"));
        assert!(said("rootless Podman", ErrorKind::NotFound).contains("podman.socket"));
        assert!(said("default socket", ErrorKind::ConnectionRefused).contains("nobody listens"));
    }
}
