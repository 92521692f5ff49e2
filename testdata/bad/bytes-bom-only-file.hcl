nod {
}
