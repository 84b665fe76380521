import { ElMessageBox } from 'element-plus/es/components/message-box/index'
import 'element-plus/es/components/message-box/style/css'
import { t } from '@/i18n'

/** Asks at the desk why something is done; undefined where it is not done after all. */
export async function askReason(title: string, o: { text?: string; optional?: boolean; ok?: string; warning?: boolean } = {}): Promise<string | undefined> {
  const need = t('shell.reason_need')
  const said = (await ElMessageBox.prompt(o.text ?? '', title, {
    inputPlaceholder: o.optional ? '' : need,
    inputValidator: (s: string | undefined) => o.optional || (s ?? '').trim().length >= 2 || need,
    confirmButtonText: o.ok ?? t('shell.ok'),
    cancelButtonText: t('shell.cancel'),
    ...(o.warning && { type: 'warning' as const }),
  }).catch(() => undefined)) as { value?: string } | undefined
  return said && (said.value ?? '').trim()
}
