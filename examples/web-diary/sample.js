// A subject of a term as the portal's JSON has it.

const mark = (number, date, value, work, weight) => ({
  id: `019379ab-0000-7000-8000-0000000003${String(number).padStart(2, "0")}`,
  date, value, work, title: work, weight,
});

export const physics = {
  subject: "Физика",
  topics: [],
  homework: [],
  finals: [],
  marks: [
    mark(1, "2024-09-09", "4", "Ответ на уроке", "1"),
    mark(2, "2024-09-16", "3", "Контрольная работа", "3"),
    mark(3, "2024-09-23", "5", "Лабораторная работа", "2"),
    mark(4, "2024-10-02", "4-", "Самостоятельная работа", "1"),
    mark(5, "2024-10-14", "4", "Контрольная работа", "3"),
  ],
  attendance: { late: 0, ill: 0, excused: 0, unexcused: 0, unspecified: 0 },
  debts: 0,
  unfilled: 0,
  lessons: 14,
};
