package it;

class ThirdTest extends Parallel {}
