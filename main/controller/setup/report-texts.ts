/** The words of the printed report. The page's own are in the renderer, which the controller knows nothing of. */
import { REPORT_LANGUAGES } from '../../contract/technician.ts';

export type ReportLanguage = (typeof REPORT_LANGUAGES)[number];

export function isReportLanguage(text: string): text is ReportLanguage {
  return REPORT_LANGUAGES.some((language) => language === text);
}

const WORDS = {
  title: ['設置報告書', 'Commissioning report', '安装报告', '설치 보고서'],
  site: ['施設', 'Site', '设施', '시설'],
  madeAt: ['作成日時', 'Made', '生成时间', '작성 일시'],
  by: ['作成者', 'By', '制作人', '작성자'],
  unit: ['本体', 'Unit', '主机', '본체'],
  head: ['記録の末尾', 'Last event', '最后一条记录', '마지막 기록'],
  version: ['版', 'Version', '版本', '버전'],
  machine: ['機械', 'Machine', '机器', '기기'],
  config: ['設定の指紋', 'Configuration digest', '配置指纹', '설정 지문'],
  data: ['施設データ', 'Site data', '设施数据', '시설 데이터'],
  clock: ['時計', 'Clock', '时钟', '시계'],
  parts: ['機器', 'Devices', '设备', '기기 목록'],
  tests: ['試験', 'Tests', '测试', '시험'],
  part: ['機器', 'Device', '设备', '기기'],
  where: ['接続', 'Connection', '连接', '연결'],
  state: ['状態', 'State', '状态', '상태'],
  test: ['試験', 'Test', '测试', '시험'],
  result: ['結果', 'Result', '结果', '결과'],
  at: ['日時', 'When', '时间', '일시'],
  works: ['正常', 'works', '正常', '정상'],
  fails: ['要確認', 'to be looked at', '需检查', '확인 필요'],
  passed: ['合格', 'passed', '合格', '합격'],
  failed: ['不合格', 'failed', '不合格', '불합격'],
  untested: ['試験はまだありません', 'Nothing has been tested yet', '尚未测试', '아직 시험하지 않았습니다'],
  synced: ['同期している', 'synchronised', '已同步', '동기화됨'],
  held: ['同期していない(保持)', 'not synchronised, held', '未同步(保持)', '동기화 안 됨(유지)'],
  doubtful: ['疑わしい', 'doubtful', '不可信', '믿을 수 없음'],
  lock: ['錠', 'lock', '锁', '잠금장치'],
  reader: ['読取口', 'reader', '读取器', '리더기'],
  contact: ['扉の接点', 'door contact', '门磁', '문 접점'],
  exitButton: ['退館ボタン', 'exit button', '出门按钮', '퇴실 버튼'],
  fire: ['火災信号', 'fire input', '火警信号', '화재 신호'],
  tamper: ['こじ開け検知', 'tamper input', '防拆信号', '탬퍼 신호'],
  buzzer: ['ブザー', 'buzzer', '蜂鸣器', '부저'],
  admitted: ['許可ランプ', 'admitted lamp', '允许灯', '허가 램프'],
  refused: ['拒否ランプ', 'refused lamp', '拒绝灯', '거부 램프'],
  echo: ['読み取り', 'reading', '读取', '읽기'],
  level: ['動作', 'level', '动作', '동작'],
  pulse: ['解錠', 'pulse', '开锁', '해정'],
  camera: ['カメラ', 'camera', '摄像头', '카메라'],
  hub: ['クラウド接続', 'hub', '云端连接', '클라우드 연결'],
  swap: ['本体の交換', 'swap', '更换主机', '본체 교체'],
  signature: ['署名', 'Signature', '签名', '서명'],
  page: ['ページ', 'Page', '页', '쪽'],
} as const satisfies Readonly<Record<string, readonly [string, string, string, string]>>;

export type ReportWord = keyof typeof WORDS;

const PLACES: Readonly<Record<ReportLanguage, 0 | 1 | 2 | 3>> = { ja: 0, en: 1, 'zh-Hans': 2, ko: 3 };

export function reportWord(word: ReportWord, language: ReportLanguage): string {
  return WORDS[word][PLACES[language]];
}
