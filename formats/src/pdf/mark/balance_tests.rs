use super::*;

fn of(instructions: &str) -> Balance {
    let mut lexer = Lexer::default();
    lexer.read(&mut instructions.as_bytes(), &mut 1_000_000);
    lexer.byte(b'\n');
    lexer.finish()
}

#[test]
fn what_is_left_open_is_closed() {
    assert_eq!(of("q 1 0 0 1 5 5 cm /Im0 Do Q"), Balance::EVEN);
    assert_eq!(of(""), Balance::EVEN);
    assert_eq!(of("q q BT /F1 9 Tf (q Q \\) ( ) q) Tj").after, 3);
    assert!(of("BT (a) Tj").is_text);
    assert_eq!(of("/Span<</A<</B 1>>/C(q)>>BDC q Q /P BMC").marked, 2);
    assert_eq!(of("q%Q\nQ /q <71> [ (Q) 3 ] TJ /Q gs"), Balance::EVEN);
    assert_eq!(of("Q").before, 2);
    assert_eq!((of("Q q Q Q q").before, of("Q q Q Q q").after), (3, 2));
}

#[test]
fn pictures_among_the_instructions_are_passed_over() {
    assert_eq!(of("q BI /W 1 /H 1 ID q q Q Q Q EI\nQ"), Balance::EVEN);
    assert_eq!(of("BI /W 4 ID \x01EIq q\n EI Q q").before, 2);
    assert!(of("BI /W 4 ID data without an end").is_beneath);
}

#[test]
fn where_a_closing_would_change_the_page_the_mark_is_drawn_first() {
    assert!(of("2 0 0 2 0 0 cm Q (a) Tj").is_beneath);
    // Nothing follows, or nothing was changed.
    assert!(!of("2 0 0 2 0 0 cm (a) Tj Q Q").is_beneath);
    assert!(!of("q 2 0 0 2 0 0 cm Q Q (a) Tj").is_beneath);
    assert!(of("(no end").is_beneath);
}

#[test]
fn a_budget_that_is_used_up_is_no_answer() {
    let (mut lexer, mut budget) = (Lexer::default(), 3);
    assert_eq!(lexer.read(&mut "q q q".as_bytes(), &mut budget), None);
    assert_eq!(budget, 0);
}
