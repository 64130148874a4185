import { toInertLines, toWorkflowCommand } from './workflow-command.ts';

test.each([
	['plain', 'error', 'text', {}, '::error::text'],
	['escaped text', 'error', 'a%\r\nb', {}, '::error::a%25%0D%0Ab'],
	['escaped properties', 'error', 'm', { title: 'A:B,C\n' }, '::error title=A%3AB%2CC%0A::m'],
])('writes a command: %s', (_name, command, message, properties, line) => {
	expect(toWorkflowCommand(command, message, properties)).toBe(line);
});

const isStopped = (text: string): boolean => {
	const lines = toInertLines(text, 'token');
	return lines[0] === '::stop-commands::token' && lines.at(-1) === '::token::';
};

test.each([
	'::set-output name=a::b',
	'  ::add-mask::x',
	'first\n::error::x',
	'text ##[add-path]/tmp',
	'first\r\n::error::x',
])('stops commands around %j', (text) => {
	expect(isStopped(text)).toBe(true);
});

test.each(['text', 'a :: b', 'scope::name', '##'])('prints %j as it is', (text) => {
	expect(toInertLines(text, 'token')).toEqual([text]);
});

test('a carriage return cannot begin a line of its own', () => {
	expect(toInertLines('x\r::error::y', 'token')).toEqual(['x\\u{d}::error::y']);
});

test('nobody can guess the token that starts commands again', () => {
	const tokens = Array.from({ length: 20 }, () => toInertLines('::x::').at(-1));
	expect(new Set(tokens).size).toBe(20);
});
