/** The figures of an alarm as they are told: to one decimal. */
export const round = (figure: unknown) => Object.fromEntries(Object.entries(figure as Record<string, number>).map(([k, v]) => [k, Math.round(v * 10) / 10]))
