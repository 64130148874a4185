// For Stryker: texts for people are not mutated. A literal is one where two words follow each other and where it stands in
// an error, a finding, a hint or a line of a log; codes, paths, names of fields and all logic are mutated.
// Plain JavaScript: Stryker loads it by itself.
const REASON = 'a text for people';
/** Functions of this project that make errors, findings and lines of a log. */
const MAKERS = /(?:Error|Finding|Problem)$|^(?:invalid|refuse|problem|blocked|warn|info|error|debug)$/;
const FIELDS = /^(?:message|hint|text|detail|reason|title|advice|problem)$/;
const PROSE = /[\p{L},.:"$)]+ [\p{L}"$(]/u;

const toText = (node) =>
	node.type === 'StringLiteral' ? node.value : node.quasis.map(({ value }) => value.raw).join('$');

const toName = ({ type, name, property }) => (type === 'MemberExpression' ? property?.name : name) ?? '';

const isMaker = (node) =>
	(node.type === 'CallExpression' || node.type === 'NewExpression') && MAKERS.test(toName(node.callee));

const isField = (node) => node.type === 'ObjectProperty' && FIELDS.test(node.key.name ?? '');

const isForPeople = (path) => {
	for (let at = path.parentPath; at && !at.isFunction() && !at.isStatement(); at = at.parentPath)
		if (isMaker(at.node) || isField(at.node)) return true;
	return false;
};

export const strykerPlugins = [
	{
		kind: 'Ignore',
		name: 'texts',
		value: {
			shouldIgnore: (path) => {
				const isLiteral = path.isStringLiteral() || path.isTemplateLiteral();
				return isLiteral && PROSE.test(toText(path.node)) && isForPeople(path) ? REASON : undefined;
			},
		},
	},
];
