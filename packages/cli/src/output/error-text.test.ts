import { toErrorJson, toErrorText } from './error-text.ts';

const plain = (_: string, text: string): string => text;

test.each([
	['EACCES', 'Let this user write there'],
	['EROFS', 'Let this user write there'],
	['ENOSPC', 'Make room on that disk'],
])('what the system refuses with %s is for the user to mend', (code, hint) => {
	const thrown = Object.assign(new Error(`${code}: no, mkdir '/srv'`), { code });
	expect(toErrorText(thrown, plain)).toContain(`mkdir '/srv'\n  do: ${hint}`);
	expect(toErrorJson(thrown)).toMatchObject({ error: { hint: expect.stringContaining(hint) } });
});

test.each([new TypeError('x is not a function'), 'a word', undefined])(
	'what nobody foresaw is to be reported: %p',
	(thrown) => {
		expect(toErrorText(thrown, plain)).not.toContain('do:');
		expect(toErrorJson(thrown)).toMatchObject({ error: { hint: 'Please report this.' } });
	},
);
