package it;

class FirstTest extends Parallel {}
