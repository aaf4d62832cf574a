//! Rust sources as far as the rules need them: text without comments and literals, and the paths it names.

/// The source with comments removed and literals emptied; line ends stay.
pub fn strip(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::new();
    let mut i = 0;
    while i < chars.len() {
        let start = i;
        match chars[i] {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && chars[i] != '\n' {
                    i += 1;
                }
                continue;
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                while i < chars.len() {
                    match (chars[i], at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
                out.push(' ');
            }
            'r' if !out.ends_with(is_word) || out.ends_with('b') && !ends_with_long_word(&out) => {
                let hashes = (i + 1..).take_while(|j| at(*j) == '#').count();
                if at(i + 1 + hashes) != '"' {
                    out.push('r');
                    i += 1;
                    continue;
                }
                i += 2 + hashes;
                while i < chars.len() && !(chars[i] == '"' && (1..=hashes).all(|j| at(i + j) == '#')) {
                    i += 1;
                }
                i += 1 + hashes;
                out.push_str("\"\"");
            }
            '"' => {
                i += 1;
                while i < chars.len() && chars[i] != '"' {
                    i += if chars[i] == '\\' { 2 } else { 1 };
                }
                i += 1;
                out.push_str("\"\"");
            }
            // A character literal; otherwise the quote starts a lifetime.
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => {
                i += if at(i + 1) == '\\' { 3 } else { 2 };
                while i < chars.len() && chars[i] != '\'' {
                    i += 1;
                }
                i += 1;
                out.push_str("' '");
            }
            c => {
                out.push(c);
                i += 1;
                continue;
            }
        }
        let end = i.min(chars.len());
        out.extend(chars[start..end].iter().filter(|c| **c == '\n'));
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether the text ends in a word of two letters or more: then a final `b` is not the prefix of a byte string.
fn ends_with_long_word(text: &str) -> bool {
    text.chars().rev().take_while(|c| is_word(*c)).count() > 1
}

/// Words, `::`, and single characters, each with its line.
pub fn tokens(stripped: &str) -> Vec<(String, usize)> {
    let mut out: Vec<(String, usize)> = Vec::new();
    for (line, text) in stripped.lines().enumerate() {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let length = match c {
                _ if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                _ => c.len_utf8(),
            };
            if !c.is_whitespace() {
                out.push((rest[..length].to_owned(), line + 1));
            }
            rest = &rest[length..];
        }
    }
    out
}

/// A path as written, its groups expanded: `use a::{b, c::d}` gives `a::b` and `a::c::d`.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// The words between the `::`.
    pub path: Vec<String>,
    /// The inline modules it stands in, outermost first.
    pub inside: Vec<String>,
    /// Its line, from 1.
    pub line: usize,
    /// The token behind it: `!` for a macro, `as` for a renaming.
    pub next: String,
}

/// Every path and every single word of a stripped source.
pub fn names(stripped: &str) -> Vec<Named> {
    let tokens = tokens(stripped);
    let word = |i: usize| tokens.get(i).map_or("", |(text, _)| text.as_str());
    let mut out = Vec::new();
    let mut modules: Vec<(String, usize)> = Vec::new();
    let (mut depth, mut i) = (0, 0);
    while i < tokens.len() {
        match word(i) {
            "{" => depth += 1,
            "}" => {
                depth = usize::saturating_sub(depth, 1);
                modules.retain(|(_, at)| *at <= depth);
            }
            "mod" if word(i + 2) == "{" => {
                modules.push((word(i + 1).to_owned(), depth + 1));
                i += 1;
            }
            text if text.starts_with(is_word) => {
                let inside: Vec<String> = modules.iter().map(|(name, _)| name.clone()).collect();
                i = path(&tokens, i, &[], &inside, &mut out);
                continue;
            }
            _ => {}
        }
        i += 1;
    }
    out
}

/// Reads the path that starts at token i behind `prefix`; returns the token after it.
fn path(tokens: &[(String, usize)], start: usize, prefix: &[String], inside: &[String], out: &mut Vec<Named>) -> usize {
    let word = |i: usize| tokens.get(i).map_or("", |(text, _)| text.as_str());
    let mut path_words = prefix.to_vec();
    let mut i = start;
    loop {
        if word(i) == "{" {
            i += 1;
            while i < tokens.len() && word(i) != "}" {
                // `c as d` names c; d is a new word.
                i = if word(i) == "," || word(i) == "as" || word(i - 1) == "as" {
                    i + 1
                } else {
                    path(tokens, i, &path_words, inside, out)
                };
            }
            return i + 1;
        }
        if !(word(i).starts_with(is_word) || word(i) == "*") {
            break;
        }
        path_words.push(word(i).to_owned());
        i += 1;
        if word(i) != "::" {
            break;
        }
        i += 1;
    }
    let line = tokens.get(start).map_or(0, |(_, line)| *line);
    out.push(Named { path: path_words, inside: inside.to_vec(), line, next: word(i).to_owned() });
    i.max(start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(source: &str) -> Vec<String> {
        names(&strip(source)).into_iter().map(|named| named.path.join("::")).collect()
    }

    #[test]
    fn comments_and_literals_are_stripped() {
        assert_eq!(strip("a // b\nc /* d /* e */ \n */ f"), "a \nc  \n f");
        assert_eq!(strip(r#"x = "a\"b" ; y"#), r#"x = "" ; y"#);
        assert_eq!(strip("r#\"a\"b\"# br\"c\" for"), "\"\" b\"\" for");
        assert_eq!(strip("'\"' '\\'' '\\u{1F}' &'a str \"x\""), "' ' ' ' ' ' &'a str \"\"");
        assert_eq!(strip("\"open"), "\"\"");
    }

    #[test]
    fn groups_are_expanded() {
        assert_eq!(
            paths("use a::{b, c::{d, self}, e as f}; g::h::<I>()"),
            ["use", "a::b", "a::c::d", "a::c::self", "a::e", "g::h", "I"]
        );
        assert_eq!(paths("crate::*"), ["crate::*"]);
        assert_eq!(paths("x * y"), ["x", "y"]);
        assert_eq!(paths("use a::\n  b;"), ["use", "a::b"]);
    }

    #[test]
    fn inline_modules_are_known() {
        let found = names("mod m { mod n { a } b } c");
        let inside: Vec<_> = found.iter().map(|named| (named.path.join("::"), named.inside.join("::"))).collect();
        let expected = [("a", "m::n"), ("b", "m"), ("c", "")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(inside[inside.len() - 1], expected[2]);
        assert!(expected.iter().all(|pair| inside.contains(pair)), "{inside:?}");
    }
}
