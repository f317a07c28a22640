//! Headers and footers of sheets, which are written with codes.

/// The words of a sheet's header without its codes (ISO/IEC 29500-1, 18.3.1.46): `&L`, `&"font"`, `&12`, `&K01+000`, …
pub(crate) fn without_codes(header: &str) -> String {
    let (mut words, mut rest) = (String::new(), header.chars().peekable());
    while let Some(character) = rest.next() {
        if character != '&' {
            words.push(character);
            continue;
        }
        match rest.next() {
            Some('&') => words.push('&'),
            Some('"') => while rest.next().is_some_and(|c| c != '"') {},
            Some('K') => {
                for _ in 0..6 {
                    rest.next_if(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-'));
                }
            }
            Some('L' | 'C' | 'R') => words.push('\n'),
            Some(digit) if digit.is_ascii_digit() => while rest.next_if(char::is_ascii_digit).is_some() {},
            _ => {}
        }
    }
    words
}
