import assert from 'node:assert/strict';
import test from 'node:test';
import { LANGUAGES, toGreeting } from '../src/greeting.ts';

test('greets the world when nobody is named', () => {
	assert.equal(toGreeting([]), 'Hello, world!');
});

test('joins names as the language does', () => {
	assert.equal(toGreeting(['Ada', 'Grace', 'Mary']), 'Hello, Ada, Grace, and Mary!');
	assert.equal(toGreeting(['Ada', 'Grace'], 'es'), 'Hola, Ada y Grace!');
});

test('every language has a greeting', () => {
	for (const language of LANGUAGES) assert.match(toGreeting(['Ada'], language), /^\S+, Ada!$/u);
});
