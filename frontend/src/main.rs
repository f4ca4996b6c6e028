//! Starts the console in the browser.

fn main() {
    plimsoll_frontend::start();
}
