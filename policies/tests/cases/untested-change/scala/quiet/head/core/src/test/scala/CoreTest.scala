class CoreTest {
}
