package it;

class SecondTest extends Parallel {}
