import { toErrorJson, toErrorText } from './error-text.ts';

const plain = (_: string, text: string): string => text;

test.each([
	['EACCES', 'SYSTEM_NOT_WRITABLE', 'Let this user write there'],
	['EROFS', 'SYSTEM_NOT_WRITABLE', 'Let this user write there'],
	['ENOENT', 'SYSTEM_NOT_WRITABLE', 'Let this user write there'],
	['ENOSPC', 'SYSTEM_NO_SPACE', 'Make room on that disk'],
	['EMFILE', 'SYSTEM_TOO_MANY_FILES', 'Allow more open files'],
])('what the system refuses with %s is for the user to mend', (errno, code, hint) => {
	const thrown = Object.assign(new Error(`${errno}: no, mkdir '/srv'`), { code: errno, syscall: 'mkdir' });
	expect(toErrorText(thrown, plain)).toContain(
		`error ${code}\n  the system refused: ${errno}: no, mkdir '/srv'\n  do: ${hint}`,
	);
	expect(toErrorJson(thrown)).toMatchObject({
		error: { code, hint: expect.stringContaining(hint), cause: `${errno}: no, mkdir '/srv'` },
	});
});

test('a file that is not there is no such thing', () => {
	const thrown = Object.assign(new Error('ENOENT: no, open'), { code: 'ENOENT', syscall: 'open' });
	expect(toErrorJson(thrown)).toMatchObject({ error: { code: 'UNEXPECTED' } });
});

test.each([new TypeError('x is not a function'), 'a word', undefined])(
	'what nobody foresaw is to be reported: %p',
	(thrown) => {
		expect(toErrorText(thrown, plain)).not.toContain('do:');
		expect(toErrorJson(thrown)).toMatchObject({ error: { hint: 'Please report this.' } });
	},
);
