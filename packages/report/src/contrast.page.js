(() => {
	const toChannels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
	const toLuminance = (color) => {
		const [red, green, blue] = color.slice(0, 3).map((channel) => {
			const part = channel / 255;
			return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const findBackground = (element) => {
		for (let at = element; at; at = at.parentElement) {
			const color = toChannels(getComputedStyle(at).backgroundColor);
			if ((color[3] ?? 1) > 0) return color;
		}
		return [255, 255, 255];
	};
	const hasText = (element) =>
		[...element.childNodes].some(
			(node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '',
		);
	return [...document.body.querySelectorAll('*')].filter(hasText).flatMap((element) => {
		const text = toLuminance(toChannels(getComputedStyle(element).color));
		const back = toLuminance(findBackground(element));
		const ratio = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
		return ratio >= 4.5
			? []
			: [`${ratio.toFixed(2)} ${element.className} ${element.textContent.trim().slice(0, 40)}`];
	});
})();
