// A chart in its place: as large as that, and drawn again when what it shows, the theme or the language changes.
import { init, type EChartsCoreOption, type EChartsType } from 'echarts/core'
import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue'
import { language } from '@/i18n'
import { isDark } from '@/state/settings'

/** A colour of the theme as it is now. */
export const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** An axis in the theme's colours. */
export function axis() {
  const line = { lineStyle: { color: token('--line') } }
  return { axisLine: line, axisTick: { show: false }, axisLabel: { color: token('--ink-3'), fontSize: 11 }, splitLine: line }
}

/** Keeps a chart of `option` in `host`; `begin` may listen to it. */
export function useChart(host: Ref<HTMLElement | undefined>, option: () => EChartsCoreOption, begin?: (chart: EChartsType) => void) {
  let chart: EChartsType | undefined
  let look: ResizeObserver | undefined
  const draw = (o = option()) => chart?.setOption(o, true)
  onMounted(() => {
    chart = init(host.value!)
    begin?.(chart)
    look = new ResizeObserver(() => chart?.resize())
    look.observe(host.value!)
    draw()
  })
  onBeforeUnmount(() => {
    look?.disconnect()
    chart?.dispose()
    chart = undefined
  })
  watch(option, (o) => draw(o))
  // The colours and the words are in place a moment later.
  watch([isDark, language], () => setTimeout(() => draw()))
}
