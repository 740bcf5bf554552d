package it;

class FourthTest extends Parallel {}
