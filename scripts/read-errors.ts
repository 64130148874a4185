import { readFileSync } from 'node:fs';
import { type Argument, type Expression, type Node, parseSync } from '@swc/core';

/** One place that throws or reports: its code, what it says, and what to do; `…` stands for what is known only then. */
export interface SaidError {
	readonly code: string;
	readonly message: string;
	readonly hint: string;
}

const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** The text of a literal or template. */
const toText = (expression: Expression | undefined): string | undefined => {
	if (expression?.type === 'StringLiteral') return expression.value;
	if (expression?.type === 'TemplateLiteral')
		return expression.quasis.map(({ cooked, raw }) => cooked ?? raw).join('…');
	if (expression?.type === 'ParenthesisExpression') return toText(expression.expression);
	if (expression?.type === 'TsSatisfiesExpression' || expression?.type === 'TsAsExpression')
		return toText(expression.expression);
	return undefined;
};

const toFields = (expression: Expression | undefined): ReadonlyMap<string, string> => {
	if (expression?.type !== 'ObjectExpression') return new Map();
	return new Map(
		expression.properties.flatMap((property) => {
			if (property.type !== 'KeyValueProperty' || property.key.type !== 'Identifier') return [];
			const text = toText(property.value);
			return text === undefined ? [] : [[property.key.value, text] as const];
		}),
	);
};

/** `f('CODE', message, hint)`, `f('CODE', message, { hint })`, `f(…, 'CODE', { message, action })`. */
const readCall = (args: readonly Argument[]): SaidError[] => {
	const expressions = args.map(({ expression }) => expression);
	const at = expressions.findIndex((expression) => CODE.test(toText(expression) ?? ''));
	if (at < 0) return [];
	const after = expressions.slice(at + 1);
	const fields = new Map(after.flatMap((expression) => [...toFields(expression)]));
	const texts = after.flatMap((expression) => toText(expression) ?? []);
	const message = fields.get('message') ?? texts[0];
	const hint = fields.get('hint') ?? fields.get('action') ?? (fields.has('message') ? texts[0] : texts[1]);
	if (message === undefined) return [];
	return [{ code: toText(expressions[at]) ?? '', message, hint: hint ?? '' }];
};

/** `{ code: 'CODE', message, hint }`. */
const readObject = (expression: Expression): SaidError[] => {
	const fields = toFields(expression);
	const [code, message] = [fields.get('code'), fields.get('message')];
	if (code === undefined || message === undefined || !CODE.test(code)) return [];
	return [{ code, message, hint: fields.get('hint') ?? fields.get('action') ?? '' }];
};

const isNode = (value: unknown): value is Node & Record<string, unknown> =>
	typeof value === 'object' && value !== null && 'type' in value;

const readNode = (node: Node & Record<string, unknown>): SaidError[] => {
	const isCall = node.type === 'CallExpression' || node.type === 'NewExpression';
	const own = isCall
		? readCall((node.arguments ?? []) as readonly Argument[])
		: node.type === 'ObjectExpression'
			? readObject(node as unknown as Expression)
			: [];
	const below = Object.values(node)
		.flat()
		.flatMap((value) => {
			if (isNode(value)) return readNode(value);
			if (typeof value === 'object' && value !== null && 'expression' in value && isNode(value.expression))
				return readNode(value.expression);
			return [];
		});
	return [...own, ...below];
};

/** Every coded error that a source file can say. */
export const readErrors = (path: string): SaidError[] => {
	const program = parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript', target: 'es2024' });
	return readNode(program as unknown as Node & Record<string, unknown>);
};
