/** A path of which every value is encoded as one segment, for example pathOf`releases/tags/${tag}`. */
export const pathOf = (texts: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
	String.raw({ raw: texts }, ...values.map((value) => encodeURIComponent(value)));
