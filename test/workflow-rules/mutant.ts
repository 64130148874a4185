/** `from` stands in the file; its first place becomes `to`. */
export interface Mutant {
	readonly rule: string;
	readonly file: string;
	readonly from: string | RegExp;
	readonly to: string;
}

export const toExpression = (text: string): string => `\${{ ${text} }}`;
