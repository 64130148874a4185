import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/** A value of a document, and what a person is told beside it. */
export class Noted {
	readonly value: Tree;
	readonly note: Note;

	constructor(value: Tree, note: Note) {
		this.value = value;
		this.note = note;
	}
}

export interface Note {
	/** Lines of comment above the key or item. */
	readonly above?: string;
	/** A comment behind the value, on its line. */
	readonly behind?: string;
	/** An empty line before. */
	readonly apart?: boolean;
	/** The whole value on one line. */
	readonly flow?: boolean;
}

/** What a document is made of: plain values, some with notes. Entries that are undefined are left out. */
export type Tree = string | number | boolean | readonly Tree[] | TreeMap | Noted;
export interface TreeMap {
	readonly [key: string]: Tree | undefined;
}

export const noted = (value: Tree, note: Note): Noted => new Noted(value, note);

const toComment = (text: string): string =>
	text
		.split('\n')
		.map((line) => (line === '' ? '' : ` ${line}`))
		.join('\n');

const split = (tree: Tree): { readonly value: Exclude<Tree, Noted>; readonly note: Note } =>
	tree instanceof Noted ? { ...split(tree.value), note: tree.note } : { value: tree, note: {} };

type TreeNode = Scalar | YAMLMap | YAMLSeq;

/** Notes that stand above go to the node that comes first: the key of an entry, the item itself. The first stands right below its parent. */
const place = (node: TreeNode, { above, apart }: Note, isFirst: boolean): void => {
	if (above !== undefined) node.commentBefore = toComment(above);
	if (apart && !isFirst) node.spaceBefore = true;
};

const isList = (value: Exclude<Tree, Noted>): value is readonly Tree[] => Array.isArray(value);

const toNode = (tree: Tree): TreeNode => {
	const { value, note } = split(tree);
	const node = isList(value) ? toSeq(value) : typeof value === 'object' ? toMap(value) : new Scalar(value);
	if (note.behind !== undefined) node.comment = toComment(note.behind);
	if (note.flow && !(node instanceof Scalar)) node.flow = true;
	return node;
};

const toSeq = (items: readonly Tree[]): YAMLSeq => {
	const seq = new YAMLSeq();
	for (const item of items) {
		const node = toNode(item);
		place(node, split(item).note, seq.items.length === 0);
		seq.items.push(node);
	}
	return seq;
};

const toMap = (entries: TreeMap): YAMLMap => {
	const map = new YAMLMap();
	for (const [name, value] of Object.entries(entries)) {
		if (value === undefined) continue;
		const key = new Scalar(name);
		place(key, split(value).note, map.items.length === 0);
		map.items.push(new Pair(key, toNode(value)));
	}
	return map;
};

/**
 * A YAML 1.2 document with comments. Every value is written by the serializer, which quotes what has to be quoted: no text
 * of a project can become a key, a line or a comment of its own.
 */
export const toYamlText = (tree: TreeMap, head?: string): string => {
	const document = new Document(null, { version: '1.2' });
	document.contents = toMap(tree) as never;
	if (head !== undefined) document.commentBefore = toComment(head);
	return document.toString({ lineWidth: 0, flowCollectionPadding: false });
};
