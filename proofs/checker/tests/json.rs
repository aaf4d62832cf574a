//! The JSON reader: what it accepts and what not.
#![allow(clippy::unwrap_used)]

use certinet_check::json::Json;
use certinet_check::problem::Problem;

fn passes(text: &str) -> bool {
    let mut json = Json::new(text.as_bytes());
    json.pass().and_then(|()| json.end()).is_ok()
}

#[test]
fn any_value_is_passed_over() {
    for text in ["{}", "[]", " [1, -2.5e+3, \"a\\\"b\", {\"k\": [null, true, false]}] \n", "\"\"", "0"] {
        assert!(passes(text), "{text}");
    }
    for text in
        ["", "[", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1 2]", "\"", "\"\\", "[]]", "{1:2}", "?"]
    {
        assert!(!passes(text), "{text}");
    }
    assert!(!passes(&"[".repeat(100_000)));
}

#[test]
fn integers_are_whole_and_fit() {
    let read = |text: &str| Json::new(text.as_bytes()).integer().ok();
    assert_eq!(read(" 0"), Some(0));
    assert_eq!(read("18446744073709551615"), Some(u64::MAX));
    for text in ["18446744073709551616", "-1", "01", "1.0", "1e3", "", "x", "\"1\"", "00"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn strings_have_no_escapes() {
    let read = |text: &str| Json::new(text.as_bytes()).string().map(<[u8]>::to_vec).ok();
    assert_eq!(read("\"1/2\""), Some(b"1/2".to_vec()));
    for text in ["\"1", "\"\\u0031\"", "1", "\"\n\""] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(read(&format!("\"{}\"", "1".repeat(1 << 21))), None);
}

#[test]
fn keys_are_known_distinct_and_all_there() {
    let read = |text: &str| -> Result<u64, Problem> {
        let mut sum = 0;
        Json::new(text.as_bytes()).object(&["a", "b"], &["b"], |json, key| {
            sum += json.integer()? * [1, 10][key];
            Ok(())
        })?;
        Ok(sum)
    };
    assert_eq!(read("{\"b\": 2, \"a\": 1}"), Ok(21));
    assert_eq!(read("{\"a\": 1}"), Ok(1));
    for text in ["{\"b\": 2}", "{\"a\": 1, \"a\": 1}", "{\"a\": 1, \"c\": 1}", "{}"] {
        assert!(read(text).is_err(), "{text}");
    }
    assert_eq!(read("{\"a\": 1, \"a\": 2}"), Err(Problem("byte 12: the key \"a\" is repeated".to_owned())));
}
