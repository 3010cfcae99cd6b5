// Terms of more than six kanji in a row that are one word of the field.
export const terms = [
  '赤池情報量規準', // AIC
  '確率的勾配降下法', // SGD
  '近接勾配降下法',
  '最大事後確率推定', // MAP
  '平均二乗予測誤差',
]
