//! Users' stories, told by a real browser against the real server and a real engine.
