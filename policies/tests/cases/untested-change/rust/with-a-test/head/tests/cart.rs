#[test]
fn nothing_costs_nothing() {
    assert_eq!(total(&[]), 0);
}
